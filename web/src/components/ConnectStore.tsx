import { Button, Stack, TextInput } from '@mantine/core';
import { useMutation } from 'urql';
import { graphql } from '../gql';
import { useSend } from '../lib/form';
import { ErrorAlert } from './ErrorAlert';
import { Refused } from './Refused';
import { SecretInput } from './SecretInput';

const Connect = graphql(/* GraphQL */ `
  mutation ConnectStore($input: ConnectStoreInput!) {
    connectStore(input: $input) {
      store { name }
      firstSync { id }
      userErrors { field message code }
    }
  }
`);

/** Connects a Shopify store by its address and the token of a custom app. */
export function ConnectStore({ onDone, domain = '' }: { onDone: () => void; domain?: string }) {
  const [, connect] = useMutation(Connect);
  const { submit, busy, error, at, rest } = useSend(async (v) => {
    const input = { shopDomain: (v.shopDomain ?? '').trim(), accessToken: (v.accessToken ?? '').trim() };
    const { data, error } = await connect({ input });
    if (!data?.connectStore) throw error ?? new Error('The service gave no answer.');
    if (data.connectStore.userErrors.length === 0) onDone();
    return data.connectStore.userErrors;
  });
  return (
    <form onSubmit={submit}>
      <Stack>
        <Refused problems={rest('shopDomain', 'accessToken')} />
        {error !== undefined && <ErrorAlert error={error} />}
        <TextInput
          name="shopDomain"
          label="Address of the store"
          placeholder="name.myshopify.com"
          defaultValue={domain}
          autoComplete="off"
          required
          withAsterisk={false}
          error={at('shopDomain')}
        />
        <SecretInput
          name="accessToken"
          label="Access token"
          description="Of a custom app with read_products, read_customers and read_orders; orders older than 60 days need read_all_orders too"
          autoComplete="off"
          required
          error={at('accessToken')}
        />
        <Button type="submit" loading={busy}>
          Connect the store
        </Button>
      </Stack>
    </form>
  );
}
