import { Badge, Button, Group, NativeSelect, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { ConnectStore } from '../../components/ConnectStore';
import { ErrorAlert } from '../../components/ErrorAlert';
import { Refused } from '../../components/Refused';
import { RunProgress } from '../../components/RunProgress';
import { active, type Run, RunChanged, RunParts } from '../../components/runs';
import { graphql, readFragment } from '../../gql';
import type { StorePartsFragment } from '../../gql/graphql';
import { ago, formats } from '../../lib/format';
import { useLive } from '../../lib/live';
import { useViewer } from '../../lib/session';
import { History } from './History';

const SyncQuery = graphql(/* GraphQL */ `
  query Sync {
    tenant {
      currencyCode
      timezone
      store { ...StoreParts }
    }
    syncRuns(first: 20) { nodes { ...RunParts } }
  }
`);

const StoreParts = graphql(/* GraphQL */ `
  fragment StoreParts on Store {
    name
    shopDomain
    status
    lastSyncedAt
    syncEveryMinutes
    nextSyncAt
  }
`);

const SyncNow = graphql(/* GraphQL */ `
  mutation SyncNow($mode: SyncMode!) { result: syncStore(input: { mode: $mode }) { userErrors { message code } } }
`);
const Cancel = graphql(/* GraphQL */ `mutation CancelSync($run: ID!) { result: cancelSync(runId: $run) { userErrors { message code } } }`);
const Schedule = graphql(/* GraphQL */ `
  mutation Schedule($minutes: Int!) { result: updateStore(input: { syncEveryMinutes: $minutes }) { userErrors { message code } } }
`);

export function SyncPage() {
  const viewer = useViewer();
  const [{ data, fetching, error }, ask] = useQuery({ query: SyncQuery });
  const again = () => ask({ requestPolicy: 'network-only' });
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
  const runs = useMemo(() => {
    const asked = data?.syncRuns ? [...readFragment(RunParts, data.syncRuns.nodes)] : [];
    const all = Object.values({ ...Object.fromEntries(asked.map((r) => [r.id, r])), ...live });
    return all.sort((a, b) => b.queuedAt.localeCompare(a.queuedAt));
  }, [data, live]);
  const current = runs.find((r) => active(r.status));
  const format = useMemo(() => formats({ currencyCode: tenant?.currencyCode ?? 'USD', timezone: tenant?.timezone ?? 'UTC' }), [tenant]);

  return (
    <Stack>
      <Title order={1} size="h2">
        Sync
      </Title>
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
              ? 'The store refuses our token. Give a new one; nothing that is here is lost.'
              : store
                ? 'The token is forgotten. What was imported is still here.'
                : 'Products, customers and orders come in by themselves from then on. Sample data are cleared.'}
          </Text>
          {viewer.can('ADMIN') ? (
            <ConnectStore domain={store?.shopDomain ?? ''} onDone={again} />
          ) : (
            <Text>Ask an owner of the store to do it: your role only reads.</Text>
          )}
        </Paper>
      )}
      {store?.status === 'CONNECTED' && <StoreCard store={store} running={current !== undefined} onDone={again} />}
      {current && <Current run={current} onDone={again} />}
      {data && <History runs={runs} format={format} />}
    </Stack>
  );
}

function StoreCard({ store, running, onDone }: { store: StorePartsFragment; running: boolean; onDone: () => void }) {
  const viewer = useViewer();
  const [started, start] = useMutation(SyncNow);
  const [planned, plan] = useMutation(Schedule);
  const refused = started.data?.result?.userErrors ?? [];
  const failed = started.error ?? planned.error;
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="store">
      <Group justify="space-between" align="start">
        <div>
          <Group gap="xs">
            <Title order={2} size="h4" id="store" className="name">
              {store.name}
            </Title>
            <Badge color="teal" variant="light">
              Connected
            </Badge>
          </Group>
          <Text c="dimmed" size="sm">
            {store.shopDomain}
            {' · '}
            {store.lastSyncedAt ? `synced ${ago(store.lastSyncedAt, Date.now())}` : 'not synced yet'}
          </Text>
        </div>
        <Group align="end">
          {viewer.can('ADMIN') && (
            <NativeSelect
              label="Sync by itself"
              value={String(store.syncEveryMinutes)}
              disabled={planned.fetching}
              onChange={async (e) => {
                await plan({ minutes: Number(e.currentTarget.value) });
                onDone();
              }}
              data={schedules(store.syncEveryMinutes)}
            />
          )}
          {viewer.can('WRITE_DATA') && (
            <Button
              loading={started.fetching}
              disabled={running}
              onClick={async () => {
                await start({ mode: 'INCREMENTAL' });
                onDone();
              }}
            >
              Sync now
            </Button>
          )}
        </Group>
      </Group>
      <Refused problems={refused} />
      {failed && <ErrorAlert error={failed} />}
    </Paper>
  );
}

function schedules(present: number) {
  const known = [
    { value: '0', label: 'Never' },
    { value: '5', label: 'Every 5 minutes' },
    { value: '15', label: 'Every 15 minutes' },
    { value: '60', label: 'Every hour' },
    { value: '360', label: 'Every 6 hours' },
    { value: '1440', label: 'Every day' },
  ];
  return known.some((k) => k.value === String(present)) ? known : [...known, { value: String(present), label: `Every ${present} minutes` }];
}

function Current({ run, onDone }: { run: Run; onDone: () => void }) {
  const viewer = useViewer();
  const [{ fetching, error }, cancel] = useMutation(Cancel);
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="current">
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h4" id="current">
          {run.status === 'QUEUED' ? 'A sync waits for its turn' : 'A sync is running'}
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
      {error && <ErrorAlert error={error} />}
      <RunProgress run={run} />
    </Paper>
  );
}
