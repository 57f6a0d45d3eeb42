import { Button, Paper, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { graphql } from '../gql';
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

/** Offers made-up records to look around with. */
export function LoadSample({ onDone }: { onDone: () => void }) {
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
