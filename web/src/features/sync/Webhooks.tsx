import { Button, Group, Paper, Text, Title } from '@mantine/core';
import { useEffect } from 'react';
import { useMutation } from 'urql';
import { ErrorAlert } from '../../components/ErrorAlert';
import { Refused } from '../../components/Refused';
import { StateBadge } from '../../components/StateBadge';
import { type FragmentType, graphql, readFragment } from '../../gql';
import { ago, type Formats } from '../../lib/format';
import { useViewer } from '../../lib/session';
import { webhookWords } from './webhooks';

const WebhookParts = graphql(/* GraphQL */ `
  fragment WebhookParts on Store {
    connection
    webhooks
    webhookProblem
    lastWebhookAt
  }
`);

const Repair = graphql(/* GraphQL */ `
  mutation RepairWebhooks { result: repairWebhooks { store { ...WebhookParts } userErrors { message code } } }
`);

// What is being repaired is whole again within seconds, or not for a while.
const soon = 5_000;

interface Props {
  store: FragmentType<typeof WebhookParts>;
  format: Formats;
  onDone: (what: string) => void;
  /** Asks for the store again. */
  again: () => void;
}

/** Whether the store tells of its changes as they happen, what keeps it from it, and the way to have it repaired. */
export function Webhooks({ store, format, onDone, again }: Props) {
  const viewer = useViewer();
  const state = readFragment(WebhookParts, store);
  const { badge, text, advice } = webhookWords(state);
  const [{ fetching, error, data }, repair] = useMutation(Repair);
  const failed = error ?? (data && !data.result ? new Error('The service gave no answer.') : undefined);
  const broken = state.webhooks === 'REPAIRING';
  useEffect(() => {
    if (!broken) return;
    const timer = setTimeout(again, soon);
    return () => clearTimeout(timer);
  }, [broken, state]);
  const go = async () => {
    const { data } = await repair({});
    const now = readFragment(WebhookParts, data?.result?.store);
    if (now && data?.result?.userErrors.length === 0) onDone(now.webhooks === 'ACTIVE' ? 'Repaired: changes arrive within seconds.' : 'It is being repaired.');
  };
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="webhooks">
      <Group justify="space-between" align="start">
        <div>
          <Group gap="xs" mb={4}>
            <Title order={2} size="h4" id="webhooks">
              Changes as they happen
            </Title>
            <StateBadge word={badge} />
          </Group>
          <Text size="sm" className="name">
            {text}
          </Text>
          {advice && <Text size="sm">{advice}</Text>}
          {(state.lastWebhookAt || state.webhooks === 'ACTIVE') && (
            <Text size="sm" c="dimmed">
              {state.lastWebhookAt ? (
                <>
                  The last one came {ago(state.lastWebhookAt, Date.now())}, <time dateTime={state.lastWebhookAt}>{format.instant(state.lastWebhookAt)}</time>.
                </>
              ) : (
                'None has come yet.'
              )}
            </Text>
          )}
        </div>
        {broken && viewer.can('WRITE_DATA') && (
          // A button that is disabled in earnest would lose the focus of whoever pressed it.
          <Button
            variant="default"
            size="xs"
            aria-busy={fetching}
            {...(fetching ? { 'data-disabled': true, 'aria-disabled': true } : { onClick: go })}
          >
            {fetching ? 'Repairing…' : 'Repair now'}
          </Button>
        )}
      </Group>
      <Refused problems={data?.result?.userErrors ?? []} />
      {failed && <ErrorAlert error={failed} />}
    </Paper>
  );
}
