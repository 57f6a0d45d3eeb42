import { Button, Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { ConnectStore } from '../../components/ConnectStore';
import { ErrorAlert } from '../../components/ErrorAlert';
import { Refused } from '../../components/Refused';
import { RunProgress } from '../../components/RunProgress';
import { active, type Run, RunChanged, RunParts } from '../../components/runs';
import { graphql, readFragment } from '../../gql';
import { formats } from '../../lib/format';
import { useLive } from '../../lib/live';
import { useViewer } from '../../lib/session';
import { DeadLetters } from './DeadLetters';
import { Disconnect } from './Disconnect';
import { Held } from './Held';
import { History } from './History';
import { newest } from './known';
import { RefusedRecords } from './RefusedRecords';
import { StoreCard, StoreParts } from './StoreCard';
import { Webhooks } from './Webhooks';

const SyncQuery = graphql(/* GraphQL */ `
  query Sync {
    tenant {
      slug
      currencyCode
      timezone
      dataSummary { ...HeldParts }
      store {
        ...StoreParts
        refusedRecords(first: 20) { ...RefusedParts }
      }
    }
    syncRuns(first: 20) { nodes { ...RunParts } }
    deadLetters: syncRuns(first: 5, deadLetter: true) { nodes { ...RunParts } totalCount }
  }
`);

const Cancel = graphql(/* GraphQL */ `mutation CancelSync($run: ID!) { result: cancelSync(runId: $run) { userErrors { message code } } }`);
export function SyncPage() {
  const viewer = useViewer();
  const [{ data, fetching, error }, ask] = useQuery({ query: SyncQuery });
  const again = () => ask({ requestPolicy: 'network-only' });
  const [said, say] = useState('');
  const status = useRef<HTMLParagraphElement>(null);
  // What is told while it happens is newer than what was asked for.
  const [live, setLive] = useState<Record<string, Run>>({});
  useLive(RunChanged, {
    onData: ({ syncProgress }) => {
      const run = readFragment(RunParts, syncProgress);
      setLive((all) => ({ ...all, [run.id]: run }));
      if (!active(run.status)) again();
    },
    onMissed: () => {
      setLive({});
      again();
    },
  });

  const tenant = data?.tenant;
  const store = tenant?.store ? readFragment(StoreParts, tenant.store) : null;
  const runs = useMemo(() => newest(readFragment(RunParts, data?.syncRuns?.nodes) ?? [], live), [data, live]);
  // The history too, since it tells of a run that is no longer among them.
  const dead = useMemo(() => {
    const asked = [...(data?.deadLetters?.nodes ?? []), ...(data?.syncRuns?.nodes ?? [])];
    return newest(readFragment(RunParts, asked), live).filter((r) => r.deadLetter);
  }, [data, live]);
  const current = runs.find((r) => active(r.status));
  const format = useMemo(() => formats({ currencyCode: tenant?.currencyCode ?? 'USD', timezone: tenant?.timezone ?? 'UTC' }), [tenant]);
  // What had the focus may be gone with what was done.
  useEffect(() => {
    if (said && document.activeElement === document.body) status.current?.focus({ preventScroll: true });
  }, [said, data, dead.length]);
  const done = (what = '') => {
    say(what);
    again();
  };

  return (
    <Stack>
      <Title order={1} size="h2">
        Sync
      </Title>
      <Text role="status" size="sm" ref={status} tabIndex={-1}>
        {said}
      </Text>
      {error && !fetching && <ErrorAlert error={error} onRetry={again} />}
      {!data && fetching && (
        <>
          <Skeleton h={140} />
          <Skeleton h={260} />
        </>
      )}
      {tenant && (!store || store.status !== 'CONNECTED') && (
        <Paper withBorder p="md" component="section" aria-labelledby="connect" maw={520}>
          <Title order={2} size="h4" id="connect" mb="xs">
            {store ? `Connect ${store.name} again` : 'Connect your store'}
          </Title>
          <Text mb="md" c="dimmed">
            {store?.status === 'NEEDS_REAUTH'
              ? store.connection === 'OAUTH'
                ? 'The store no longer gives us access. Connect it again; nothing that is here is lost.'
                : 'The store refuses our token. Give a new one; nothing that is here is lost.'
              : store
                ? 'The token is forgotten. Connect it to go on; another store can be connected once the records of this one are cleared.'
                : 'Products, customers and orders come in by themselves from then on. Sample data are cleared.'}
          </Text>
          {store?.status === 'NEEDS_REAUTH' && store.webhookProblem && (
            <Text mb="md" size="sm" className="name">
              {store.webhookProblem}
            </Text>
          )}
          {viewer.can('ADMIN') ? (
            <>
              <ConnectStore domain={store?.shopDomain ?? ''} by={store?.status === 'NEEDS_REAUTH' ? store.connection : undefined} onDone={again} />
              {store?.status === 'NEEDS_REAUTH' && <Disconnect name={store.name} onDone={done} />}
            </>
          ) : (
            <Text>Ask an owner of the store to do it: your role only reads.</Text>
          )}
        </Paper>
      )}
      {store?.status === 'CONNECTED' && <StoreCard store={store} running={current !== undefined} format={format} onDone={done} />}
      {store?.status === 'CONNECTED' && <Webhooks store={store} format={format} onDone={done} again={again} />}
      {current && <Current run={current} onDone={again} />}
      {dead.length > 0 && (
        <DeadLetters
          runs={dead.slice(0, 5)}
          total={Math.max(data?.deadLetters?.totalCount ?? 0, dead.length)}
          store={store?.status}
          running={current !== undefined}
          format={format}
          onDone={done}
        />
      )}
      {data && <History runs={runs} format={format} />}
      {tenant?.store && <RefusedRecords page={tenant.store.refusedRecords} format={format} />}
      {tenant && (
        <Held
          held={tenant.dataSummary}
          slug={tenant.slug}
          connected={store != null && store.status !== 'DISCONNECTED'}
          format={format}
          onDone={done}
        />
      )}
    </Stack>
  );
}

function headline(run: Run): string {
  if (run.status !== 'QUEUED') return 'A sync is running';
  if (run.progress.some((p) => p.throttledUntil)) return 'A sync waits for Shopify';
  return run.error ? 'A sync waits for its next attempt' : 'A sync waits for its turn';
}

function Current({ run, onDone }: { run: Run; onDone: () => void }) {
  const viewer = useViewer();
  const [{ fetching, error, data }, cancel] = useMutation(Cancel);
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="current">
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h4" id="current">
          {headline(run)}
        </Title>
        {viewer.can('WRITE_DATA') && (
          <Button
            size="xs"
            variant="default"
            loading={fetching}
            onClick={async () => {
              await cancel({ run: run.id });
              onDone();
            }}
          >
            Cancel it
          </Button>
        )}
      </Group>
      <Refused problems={data?.result?.userErrors ?? []} />
      {error && <ErrorAlert error={error} />}
      <RunProgress key={run.id} run={run} />
    </Paper>
  );
}
