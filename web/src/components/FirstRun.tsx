import { Paper, SimpleGrid, Text, Title } from '@mantine/core';
import { useViewer } from '../lib/session';
import { ConnectStore } from './ConnectStore';
import { LoadSample } from './LoadSample';

/** What there is to do while there are no records: connect a store, or look around with made-up ones. */
export function FirstRun({ onDone }: { onDone: () => void }) {
  const viewer = useViewer();
  return (
    <>
      <Text>There are no records yet. Begin with one of these:</Text>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        {viewer.can('ADMIN') && (
          <Paper withBorder p="lg" component="section" aria-labelledby="connect">
            <Title order={2} size="h4" id="connect" mb="md">
              Connect your store
            </Title>
            <ConnectStore onDone={onDone} />
          </Paper>
        )}
        {viewer.can('WRITE_DATA') && <LoadSample onDone={onDone} />}
      </SimpleGrid>
      {!viewer.can('WRITE_DATA') && <Text c="dimmed">Ask an owner of the store to do it: your role only reads.</Text>}
    </>
  );
}
