import { Button, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { graphql } from '../gql';
import { useViewer } from '../lib/session';
import { ConnectStore } from './ConnectStore';
import { ErrorAlert } from './ErrorAlert';
import { Refused } from './Refused';

const Load = graphql(/* GraphQL */ `
  mutation LoadSampleData {
    loadSampleData(input: { orders: 1200, days: 365 }) {
      summary { orders }
      userErrors { field message code }
    }
  }
`);

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
        {viewer.can('WRITE_DATA') && <Sample onDone={onDone} />}
      </SimpleGrid>
      {!viewer.can('WRITE_DATA') && <Text c="dimmed">Ask an owner of the store to do it: your role only reads.</Text>}
    </>
  );
}

function Sample({ onDone }: { onDone: () => void }) {
  const [busy, setBusy] = useState(false);
  const [problems, setProblems] = useState<readonly { message: string }[]>([]);
  const [error, setError] = useState<unknown>();
  const [, load] = useMutation(Load);
  const go = async () => {
    setBusy(true);
    setError(undefined);
    const { data, error } = await load({});
    setBusy(false);
    setProblems(data?.loadSampleData?.userErrors ?? []);
    if (!data?.loadSampleData) setError(error ?? new Error('The service gave no answer.'));
    else if (data.loadSampleData.userErrors.length === 0) onDone();
  };
  return (
    <Paper withBorder p="lg" component="section" aria-labelledby="sample">
      <Title order={2} size="h4" id="sample" mb="md">
        Look around first
      </Title>
      <Stack>
        <Text>Sample data are the orders of a made-up shop over the last year. They are cleared when you connect a store.</Text>
        <Refused problems={problems} />
        {error !== undefined && <ErrorAlert error={error} />}
        <Button variant="default" onClick={go} loading={busy}>
          Load sample data
        </Button>
      </Stack>
    </Paper>
  );
}
