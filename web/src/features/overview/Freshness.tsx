import { Alert, Group, Text } from '@mantine/core';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { ago, type Formats } from '../../lib/format';

export const FreshnessParts = graphql(/* GraphQL */ `
  fragment FreshnessParts on Freshness {
    asOf
    lastSyncedAt
    complete
    rebuilding
    containsSampleData
  }
`);

/** Says how old the numbers are, and what is missing in them. */
export function Freshness({ freshness, format }: { freshness: FragmentType<typeof FreshnessParts>; format: Formats }) {
  const f = readFragment(FreshnessParts, freshness);
  return (
    <>
      <Group gap="xs" role="status">
        <Text size="sm" c="dimmed">
          As of {format.time(f.asOf)}
          {f.lastSyncedAt && <>, synced {ago(f.lastSyncedAt, Date.parse(f.asOf))}</>}
          {f.containsSampleData && <>. These are sample data</>}
        </Text>
      </Group>
      {!f.complete && (
        <Alert role="status" color="yellow" variant="light">
          The first import is still running: these numbers will rise.
        </Alert>
      )}
      {f.rebuilding && (
        <Alert role="status" color="yellow" variant="light">
          The timezone has changed, and the numbers are being worked out anew. Until then days are those of the old one.
        </Alert>
      )}
    </>
  );
}
