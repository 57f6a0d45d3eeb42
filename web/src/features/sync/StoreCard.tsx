import { Badge, Button, Group, NativeSelect, Paper, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { ConnectStore } from '../../components/ConnectStore';
import { Dialog } from '../../components/Dialog';
import { ErrorAlert } from '../../components/ErrorAlert';
import { Refused } from '../../components/Refused';
import { graphql } from '../../gql';
import type { StorePartsFragment } from '../../gql/graphql';
import { ago, type Formats } from '../../lib/format';
import { useViewer } from '../../lib/session';
import { Disconnect } from './Disconnect';
import { schedules } from './schedules';

export const StoreParts = graphql(/* GraphQL */ `
  fragment StoreParts on Store {
    name
    shopDomain
    status
    scopes
    lastSyncedAt
    syncEveryMinutes
    nextSyncAt
    connection
    webhookProblem
    ...WebhookParts
  }
`);

const SyncNow = graphql(/* GraphQL */ `
  mutation SyncNow($mode: SyncMode!) { result: syncStore(input: { mode: $mode }) { userErrors { message code } } }
`);
const Schedule = graphql(/* GraphQL */ `
  mutation Schedule($minutes: Int!) {
    result: updateStore(input: { syncEveryMinutes: $minutes }) { store { nextSyncAt } userErrors { message code } }
  }
`);

interface Props {
  store: StorePartsFragment;
  running: boolean;
  format: Formats;
  /** It is told what was done, where the page itself does not show it. */
  onDone: (what?: string) => void;
}

/** The connected store: how fresh its records are, when they are fetched next, and what there is to do about it. */
export function StoreCard({ store, running, format, onDone }: Props) {
  const viewer = useViewer();
  const [started, start] = useMutation(SyncNow);
  const [planned, plan] = useMutation(Schedule);
  const [replacing, replace] = useState(false);
  const refused = [...(started.data?.result?.userErrors ?? []), ...(planned.data?.result?.userErrors ?? [])];
  const failed = started.error ?? planned.error;
  const byApp = store.connection === 'OAUTH';
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
          <Text c="dimmed" size="sm" className="name">
            {store.shopDomain}
            {' · '}
            {store.lastSyncedAt ? `synced ${ago(store.lastSyncedAt, Date.now())}` : 'not synced yet'}
            {store.nextSyncAt && `, next ${format.instant(store.nextSyncAt)}`}
          </Text>
          {!store.scopes.includes('read_all_orders') && (
            <Text c="dimmed" size="sm">
              {byApp ? 'The store has not granted' : 'The token may not read'} orders older than 60 days: that takes read_all_orders.
            </Text>
          )}
        </div>
        <Group align="end">
          {viewer.can('ADMIN') && (
            <NativeSelect
              label="Sync by itself"
              value={String(store.syncEveryMinutes)}
              disabled={planned.fetching}
              onChange={async (e) => {
                const [every] = e.currentTarget.selectedOptions;
                const { data } = await plan({ minutes: Number(e.currentTarget.value) });
                onDone(data?.result?.store ? `Syncs by itself: ${every?.label.toLowerCase()}.` : '');
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
      {viewer.can('ADMIN') && (
        <Group mt="md" gap="xs">
          <Button variant="default" size="xs" onClick={() => replace(true)}>
            {byApp ? 'Connect again' : 'Replace the token'}
          </Button>
          <Disconnect name={store.name} onDone={onDone} />
        </Group>
      )}
      {replacing && (
        <Dialog title={byApp ? `Connect ${store.name} again` : `Replace the token of ${store.name}`} onClose={() => replace(false)}>
          <Text mb="md">
            {byApp ? 'Grant access anew, for example to more than before.' : 'Give a new one, for example after the app got more rights.'}{' '}
            Nothing that is here is lost, and a sync begins.
          </Text>
          <ConnectStore
            domain={store.shopDomain}
            by={store.connection}
            onDone={() => {
              replace(false);
              onDone('The token is replaced.');
            }}
          />
        </Dialog>
      )}
    </Paper>
  );
}
