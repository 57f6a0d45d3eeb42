import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useId } from 'react';
import { useMutation } from 'urql';
import { ErrorAlert } from '../../components/ErrorAlert';
import { Refused } from '../../components/Refused';
import type { Run } from '../../components/runs';
import { graphql } from '../../gql';
import type { StoreStatus } from '../../gql/graphql';
import type { Formats } from '../../lib/format';
import { useViewer } from '../../lib/session';
import { unfinished } from './known';
import { triggerWords } from './words';

const Retry = graphql(/* GraphQL */ `mutation RetrySync($run: ID!) { result: retrySync(runId: $run) { userErrors { message code } } }`);

interface Props {
  /** The newest of the runs that have failed for good and that nobody has made up for. */
  runs: readonly Run[];
  /** How many there are of them. */
  total: number;
  store: StoreStatus | undefined;
  running: boolean;
  format: Formats;
  onDone: (what: string) => void;
}

/** What has failed for good, and what there is to do about it. */
export function DeadLetters({ runs, total, store, running, format, onDone }: Props) {
  const viewer = useViewer();
  const connected = store === 'CONNECTED';
  const older = total - runs.length;
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="dead">
      <Title order={2} size="h4" id="dead" mb="xs">
        Failed for good
      </Title>
      <Text size="sm" mb="md">
        What is named here is not complete, and no later sync has made up for it. {advice(store, running, viewer.can('WRITE_DATA'))}
      </Text>
      <Stack component="ul" className="plain">
        {runs.map((run) => (
          <DeadLetter
            key={run.id}
            run={run}
            retry={connected && viewer.can('WRITE_DATA')}
            running={running}
            format={format}
            onDone={onDone}
          />
        ))}
      </Stack>
      {older > 0 && (
        <Text size="sm" c="dimmed" mt="md">
          And {format.count(older)} older {older === 1 ? 'one' : 'ones'}. A sync that succeeds makes up for all before it that lack the same.
        </Text>
      )}
    </Paper>
  );
}

function advice(store: StoreStatus | undefined, running: boolean, may: boolean): string {
  if (store === 'NEEDS_REAUTH') return 'The store refuses our token: connect it again first, which begins a sync. What is still here after that can be retried.';
  if (store !== 'CONNECTED') return 'Connect the store again first, which begins a sync. What is still here after that can be retried.';
  if (!may) return 'Ask an owner of the store to see to it: your role only reads.';
  if (running) return 'A sync is running now: what it brings in goes away from here, and the rest can be retried once it has ended.';
  return 'Do what the error asks for, then retry: it goes on where it stood.';
}

interface LetterProps extends Pick<Props, 'running' | 'format' | 'onDone'> {
  run: Run;
  /** Whether it may be retried, now or once no sync is running. */
  retry: boolean;
}

function DeadLetter({ run, retry, running, format, onDone }: LetterProps) {
  const id = useId();
  const [{ fetching, error, data }, send] = useMutation(Retry);
  const refused = data?.result?.userErrors ?? [];
  const failed = error ?? (data && !data.result ? new Error('The service gave no answer.') : undefined);
  const go = async () => {
    const { data } = await send({ run: run.id });
    if (data?.result?.userErrors.length === 0) onDone('The sync is taken up again.');
  };
  return (
    <li>
      <Group justify="space-between" align="start" gap="xs">
        <div>
          <Text fw={500} id={id}>
            {unfinished(run)}
          </Text>
          <Text size="sm" c="dimmed">
            {triggerWords[run.trigger]} {format.instant(run.queuedAt)}
            {run.finishedAt && `, given up ${format.instant(run.finishedAt)}`} after {attempts(run.attempts, format)}
          </Text>
        </div>
        {retry && (
          // A button that is disabled in earnest would lose the focus of whoever pressed it.
          <Button
            size="xs"
            variant="default"
            aria-describedby={id}
            aria-busy={fetching}
            {...(fetching || running ? { 'data-disabled': true, 'aria-disabled': true } : { onClick: go })}
          >
            {fetching ? 'Retrying…' : 'Retry'}
          </Button>
        )}
      </Group>
      {run.error && (
        <Text size="sm" mt={4} className="name">
          {run.error.message}
        </Text>
      )}
      <Refused problems={refused.map((p) => (p.code === 'ALREADY_RUNNING' ? another : p))} />
      {failed && <ErrorAlert error={failed} />}
    </li>
  );
}

const another = { message: 'Another sync has begun meanwhile. Retry once it has ended, if this is still here then.' };

const attempts = (n: number, format: Formats) => (n === 1 ? 'one attempt' : `${format.count(n)} attempts`);
