import { Anchor, Paper, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type FragmentType, graphql, readFragment } from '../../gql';
import type { Formats } from '../../lib/format';

export const DataParts = graphql(/* GraphQL */ `
  fragment DataParts on DataSummary { products customers orders orderItems firstOrderAt lastOrderAt }
`);

/** What the service holds for the tenant, and where it comes and goes. */
export function Data({ summary, format }: { summary: FragmentType<typeof DataParts>; format: Formats }) {
  const d = readFragment(DataParts, summary);
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="data">
      <Title order={2} size="h4" id="data" mb="sm">
        Data
      </Title>
      <Text>
        {format.count(d.orders)} orders with {format.count(d.orderItems)} lines, {format.count(d.customers)} customers and{' '}
        {format.count(d.products)} products.
      </Text>
      {d.firstOrderAt && d.lastOrderAt && (
        <Text size="sm" c="dimmed">
          The first order was placed on {format.instant(d.firstOrderAt)}, the last on {format.instant(d.lastOrderAt)}.
        </Text>
      )}
      <Text size="sm" mt="xs">
        They come in, and are cleared, on the page{' '}
        <Anchor inherit underline="always" renderRoot={(props) => <Link to="/sync" {...props} />}>
          Sync
        </Anchor>
        .
      </Text>
    </Paper>
  );
}
