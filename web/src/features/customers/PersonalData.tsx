import { Anchor, Button, Code, Group, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useMutation } from 'urql';
import { Dialog } from '../../components/Dialog';
import { ErrorAlert } from '../../components/ErrorAlert';
import { ExportButton } from '../../components/ExportButton';
import { Refused } from '../../components/Refused';
import { type FragmentType, graphql, readFragment } from '../../gql';
import { useSend } from '../../lib/form';
import { useViewer } from '../../lib/session';

const PersonalDataParts = graphql(/* GraphQL */ `fragment PersonalDataParts on Customer { id shopifyId displayName }`);

const Prepare = graphql(/* GraphQL */ `
  mutation RequestCustomerData($id: ID!) {
    result: requestCustomerData(customerId: $id) { privacyRequest { id } userErrors { message code } }
  }
`);

const Redact = graphql(/* GraphQL */ `
  mutation RedactCustomer($id: ID!, $confirm: String!) {
    result: redactCustomer(input: { customerId: $id, confirm: $confirm }) { privacyRequest { id status } userErrors { field message code } }
  }
`);

interface Props {
  customer: FragmentType<typeof PersonalDataParts>;
  onDone: () => void;
}

/** What the law lets a customer ask for, for those who answer for it. */
export function PersonalData({ customer, onDone }: Props) {
  const viewer = useViewer();
  const { id, shopifyId, displayName } = readFragment(PersonalDataParts, customer);
  const [{ fetching, error, data }, prepare] = useMutation(Prepare);
  const [asking, ask] = useState(false);
  const [said, say] = useState('');
  const prepared = data?.result?.privacyRequest;
  const failed = error ?? (data && !data.result ? new Error('The service gave no answer.') : undefined);
  const status = useRef<HTMLParagraphElement>(null);
  // What had the focus may be gone with what was done.
  useEffect(() => {
    if (said && document.activeElement === document.body) status.current?.focus({ preventScroll: true });
  }, [said]);
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="personal">
      <Title order={2} size="h4" id="personal" mb="xs">
        Personal data
      </Title>
      <Text size="sm" mb="md">
        For a customer who asks for their data, or to be forgotten, other than through Shopify. All requests are under{' '}
        <Anchor inherit underline="always" renderRoot={(props) => <Link to="/settings/privacy" {...props} />}>
          Privacy
        </Anchor>
        .
      </Text>
      <Group gap="xs">
        {prepared && viewer.can('READ_CUSTOMER_PII') ? (
          <ExportButton request={prepared.id} />
        ) : (
          <Button
            size="xs"
            variant="default"
            aria-busy={fetching}
            {...(fetching || prepared
              ? { 'data-disabled': true, 'aria-disabled': true }
              : {
                  onClick: async () => {
                    const { data } = await prepare({ id });
                    if (data?.result?.privacyRequest) say('Their data are prepared. Export them, and mark them as handed over under Privacy once they are.');
                  },
                })}
          >
            Prepare their data
          </Button>
        )}
        <Button size="xs" variant="default" onClick={() => ask(true)}>
          Redact…
        </Button>
      </Group>
      <Text role="status" size="sm" mt="xs" ref={status} tabIndex={-1}>
        {said}
      </Text>
      <Refused problems={data?.result?.userErrors ?? []} />
      {failed && <ErrorAlert error={failed} />}
      {asking && (
        <Ask
          id={id}
          name={displayName}
          number={shopifyId.split('/').at(-1) ?? ''}
          onClose={() => ask(false)}
          onDone={() => {
            say('They are being forgotten. What identifies them goes away within seconds.');
            onDone();
          }}
        />
      )}
    </Paper>
  );
}

interface AskProps {
  id: string;
  name: string;
  /** What is to be typed. */
  number: string;
  onClose: () => void;
  onDone: () => void;
}

/** Says what goes and what stays, and has the number typed. */
function Ask({ id, name, number, onClose, onDone }: AskProps) {
  const [, redact] = useMutation(Redact);
  const { submit, busy, error, at, rest } = useSend(async (values) => {
    const { data, error } = await redact({ id, confirm: (values.confirm ?? '').trim() });
    if (!data?.result) throw error ?? new Error('The service gave no answer.');
    if (data.result.userErrors.length === 0) {
      onClose();
      onDone();
    }
    return data.result.userErrors;
  });
  return (
    <Dialog title={`Redact ${name}?`} onClose={onClose}>
      <form onSubmit={submit}>
        <Stack>
          <Text>
            Name, email, telephone number, city and tags are taken away here for ever, and no later sync brings them back. Orders and
            amounts stay, under the number alone, so that reports do not change.
          </Text>
          <Text size="sm">It cannot be undone. In the store itself nothing changes.</Text>
          <Refused problems={rest('confirm')} />
          {error !== undefined && <ErrorAlert error={error} />}
          <TextInput
            name="confirm"
            label={
              <>
                Type the number <Code>{number}</Code> to confirm
              </>
            }
            autoComplete="off"
            inputMode="numeric"
            required
            withAsterisk={false}
            error={at('confirm')}
          />
          <Group justify="end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" color="red" loading={busy}>
              Redact
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
