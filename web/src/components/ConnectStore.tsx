import { Anchor, Button, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { graphql } from '../gql';
import type { StoreConnection } from '../gql/graphql';
import { useSend } from '../lib/form';
import { shopOf } from '../lib/shop';
import { ErrorAlert } from './ErrorAlert';
import { Refused } from './Refused';
import { SecretInput } from './SecretInput';

const Ways = graphql(/* GraphQL */ `query StoreConnections { storeConnections }`);

const Connect = graphql(/* GraphQL */ `
  mutation ConnectStore($input: ConnectStoreInput!) {
    connectStore(input: $input) {
      store { name }
      authorizeUrl
      firstSync { id }
      userErrors { field message code }
    }
  }
`);

interface Props {
  onDone: () => void;
  /** The address of the store, where it is known. */
  domain?: string;
  /** How the store was connected before, which is offered first. */
  by?: StoreConnection | undefined;
}

/**
 * Connects a Shopify store by its address: the store is asked for access in the browser, where the service has an app of its
 * own, or by the token of a custom app of the store.
 */
export function ConnectStore({ onDone, domain = '', by }: Props) {
  const [{ data, fetching }] = useQuery({ query: Ways, requestPolicy: 'cache-first' });
  const [chosen, choose] = useState<StoreConnection>();
  const [, connect] = useMutation(Connect);
  // A token works whatever the service offers, and where it is not known what it does.
  const app = data?.storeConnections.includes('OAUTH') ?? false;
  const way = app ? (chosen ?? by ?? 'OAUTH') : 'CUSTOM_APP';
  const { submit, busy, error, at, rest } = useSend(async (v) => {
    const secret = (v.apiSecretKey ?? '').trim();
    const given = way === 'OAUTH' ? {} : { accessToken: (v.accessToken ?? '').trim(), ...(secret ? { apiSecretKey: secret } : {}) };
    const { data, error } = await connect({ input: { shopDomain: shopOf(v.shopDomain ?? ''), ...given } });
    if (!data?.connectStore) throw error ?? new Error('The service gave no answer.');
    const { authorizeUrl, userErrors } = data.connectStore;
    if (userErrors.length > 0) return userErrors;
    if (!authorizeUrl) onDone();
    else if (/^https?:\/\//.test(authorizeUrl)) {
      window.location.assign(authorizeUrl);
      // The button stays busy until the page is left. It comes back as it is when somebody goes back to it.
      await new Promise((resolve) => window.addEventListener('pageshow', resolve, { once: true }));
    } else throw new Error('The service leads to an address that is none. Tell whoever runs it.');
    return [];
  });
  if (!data && fetching) return <Skeleton h={190} />;
  return (
    <form onSubmit={submit}>
      <Stack>
        <Refused problems={rest('shopDomain', ...(way === 'OAUTH' ? [] : ['accessToken', 'apiSecretKey']))} />
        {error !== undefined && <ErrorAlert error={error} />}
        <TextInput
          name="shopDomain"
          label="Address of the store"
          description={app ? 'The part before .myshopify.com is enough' : undefined}
          placeholder="name.myshopify.com"
          defaultValue={domain}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          required
          withAsterisk={false}
          error={at('shopDomain')}
        />
        {way === 'CUSTOM_APP' && (
          <>
            <SecretInput
              name="accessToken"
              label="Access token"
              description="Of a custom app with read_products, read_customers and read_orders; orders older than 60 days need read_all_orders too"
              autoComplete="off"
              required
              error={at('accessToken')}
            />
            <SecretInput
              name="apiSecretKey"
              label="API secret key"
              description="Of the same app. With it changes arrive within seconds; without, they come with the next sync"
              placeholder="Can be left out"
              autoComplete="off"
              error={at('apiSecretKey')}
            />
          </>
        )}
        <Button type="submit" loading={busy}>
          {way === 'OAUTH' ? 'Connect with Shopify' : 'Connect the store'}
        </Button>
        {way === 'OAUTH' && (
          <Text size="sm" c="dimmed">
            Shopify asks you there whether Shopsight may read products, customers and orders, and brings you back.
          </Text>
        )}
        {app && (
          <Anchor component="button" type="button" size="sm" ta="start" onClick={() => choose(way === 'OAUTH' ? 'CUSTOM_APP' : 'OAUTH')}>
            {way === 'OAUTH' ? 'Use the token of a custom app instead' : 'Connect with Shopify instead'}
          </Anchor>
        )}
      </Stack>
    </form>
  );
}
