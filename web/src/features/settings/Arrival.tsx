import { Alert, Anchor, Paper, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { ConnectStore } from '../../components/ConnectStore';
import { useViewer } from '../../lib/session';
import { reasonOf } from './arrival';
import type { SettingsSearch } from './search';

interface Props {
  /** What the address said. */
  came: SettingsSearch;
  /** The address of the store that is connected, if one is. */
  connected: string | undefined;
  /** The address of a store that was connected once. */
  known: string | undefined;
  onDone: () => void;
}

/** What became of connecting a store, for somebody whom Shopify has sent here; or the way to begin. */
export function Arrival({ came, connected, known, onDone }: Props) {
  const place = useRef<HTMLDivElement>(null);
  // Who reads by ear hears of it first.
  useEffect(() => place.current?.focus({ preventScroll: true }), []);
  return (
    <div ref={place} tabIndex={-1} className="arrival">
      {came.connected && connected !== undefined ? (
        <Alert color="teal" variant="light" title="The store is connected">
          <Text size="sm">
            Products, customers and orders come in by themselves from now on. How far they are is on the page{' '}
            <Anchor c="inherit" inherit underline="always" renderRoot={(props) => <Link to="/sync" {...props} />}>
              Sync
            </Anchor>
            .
          </Text>
        </Alert>
      ) : (
        <Stack>
          {came.connect_error && (
            <Alert role="alert" color="red" variant="light" title="The store is not connected">
              <Text size="sm">{reasonOf(came.connect_error)}</Text>
            </Alert>
          )}
          <Begin shop={came.connect ?? known ?? ''} connected={connected} failed={came.connect_error !== undefined} onDone={onDone} />
        </Stack>
      )}
    </div>
  );
}

function Begin({ shop, connected, failed, onDone }: { shop: string; connected: string | undefined; failed: boolean; onDone: () => void }) {
  const viewer = useViewer();
  if (connected !== undefined) {
    if (failed) {
      return (
        <Text size="sm">
          {connected} is still connected as before. See the page{' '}
          <Anchor c="inherit" inherit underline="always" renderRoot={(props) => <Link to="/sync" {...props} />}>
            Sync
          </Anchor>
          .
        </Text>
      );
    }
    return (
      <Alert color="indigo" variant="light" title={connected === shop ? `${shop} is connected already` : `${connected} is connected here`}>
        <Text size="sm">
          {connected === shop ? 'Nothing is left to do. ' : `To connect ${shop}, use another account, or leave the present store first. `}
          <Anchor c="inherit" inherit underline="always" renderRoot={(props) => <Link to="/sync" {...props} />}>
            Go to Sync
          </Anchor>
        </Text>
      </Alert>
    );
  }
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="connect" maw={520}>
      <Title order={2} size="h4" id="connect" mb="md" className="name">
        {shop ? `Connect ${shop}` : 'Connect your store'}
      </Title>
      {viewer.can('ADMIN') ? (
        <ConnectStore domain={shop} by="OAUTH" onDone={onDone} />
      ) : (
        <Text>Ask an owner of the store to do it: your role only reads.</Text>
      )}
    </Paper>
  );
}
