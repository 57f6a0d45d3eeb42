import { Box, Button, Paper, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { LoadSample } from '../../components/LoadSample';
import { type FragmentType, graphql, readFragment } from '../../gql';
import type { Formats } from '../../lib/format';
import { useViewer } from '../../lib/session';
import { ClearData } from './ClearData';
import { any, counted } from './counted';

export const HeldParts = graphql(/* GraphQL */ `fragment HeldParts on DataSummary { products customers orders orderItems }`);

interface Props {
  held: FragmentType<typeof HeldParts>;
  slug: string;
  connected: boolean;
  format: Formats;
  onDone: (what: string) => void;
}

/** What is here, and the way to be rid of it; sample data where nothing is. */
export function Held({ held, slug, connected, format, onDone }: Props) {
  const viewer = useViewer();
  const [clearing, clear] = useState(false);
  const records = readFragment(HeldParts, held);
  if (!any(records) && !connected && viewer.can('WRITE_DATA')) {
    return (
      <Box maw={520}>
        <LoadSample onDone={() => onDone('Sample data are loaded.')} />
      </Box>
    );
  }
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="held">
      <Title order={2} size="h4" id="held" mb="xs">
        Data
      </Title>
      <Text>{any(records) ? `Here are ${counted(records, format)}.` : 'There are no records.'}</Text>
      {any(records) && viewer.can('ADMIN') && (
        <Button mt="md" variant="default" size="xs" onClick={() => clear(true)}>
          Clear data
        </Button>
      )}
      {clearing && <ClearData slug={slug} connected={connected} format={format} onClose={() => clear(false)} onDone={onDone} />}
    </Paper>
  );
}
