import { Button, Group, Paper, Table, Text, Title } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useClient } from 'urql';
import { ErrorAlert } from '../../components/ErrorAlert';
import { type FragmentType, graphql, readFragment } from '../../gql';
import type { RefusedPartsFragment } from '../../gql/graphql';
import type { Formats } from '../../lib/format';
import { recordWords } from './words';

export const RefusedParts = graphql(/* GraphQL */ `
  fragment RefusedParts on RefusedRecordConnection {
    totalCount
    nodes { resource shopifyId reason refusedAt }
    pageInfo { hasNextPage endCursor }
  }
`);

const MoreRefused = graphql(/* GraphQL */ `
  query MoreRefused($after: String!) { tenant { store { refusedRecords(first: 20, after: $after) { ...RefusedParts } } } }
`);

/** The store's records that could not be taken over, with what is wrong with each; nothing when there is none. */
export function RefusedRecords({ page, format }: { page: FragmentType<typeof RefusedParts>; format: Formats }) {
  const first = readFragment(RefusedParts, page);
  const { more, busy, error, load } = useMore(first);
  const pages = [first, ...more];
  // What is refused anew while one pages goes to the end, and may come twice.
  const records = [...new Map(pages.flatMap((p) => p.nodes).map((r) => [`${r.resource} ${r.shopifyId}`, r]))];
  const rest = pages.at(-1)?.pageInfo.hasNextPage ?? false;
  const total = Math.max(first.totalCount, records.length);
  const shown = useRef<HTMLParagraphElement>(null);
  // The button is gone once everything is there, and the focus with it.
  useEffect(() => {
    if (!rest && more.length > 0 && document.activeElement === document.body) shown.current?.focus({ preventScroll: true });
  }, [rest, more]);

  if (records.length === 0) return null;
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="refused">
      <Title order={2} size="h4" id="refused" mb="xs">
        Records that could not be taken over
      </Title>
      <Text size="sm" mb="sm">
        They are missing here, or stand as they were before. Correct them in the store: the next sync takes them over.
      </Text>
      <Table.ScrollContainer minWidth={560}>
        <Table verticalSpacing="xs" aria-labelledby="refused">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Number in Shopify</Table.Th>
              <Table.Th scope="col">Kind</Table.Th>
              <Table.Th scope="col">What is wrong</Table.Th>
              <Table.Th scope="col">Refused</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {records.map(([key, r]) => (
              <Table.Tr key={key}>
                <Table.Th scope="row" fw={400} style={{ userSelect: 'all' }}>
                  {r.shopifyId}
                </Table.Th>
                <Table.Td>{recordWords[r.resource]}</Table.Td>
                <Table.Td className="name" miw={220}>
                  {r.reason}
                </Table.Td>
                <Table.Td>{format.instant(r.refusedAt)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {error !== undefined && <ErrorAlert error={error} />}
      <Group mt="sm">
        <Text size="sm" c="dimmed" role="status" ref={shown} tabIndex={-1}>
          {rest ? `${format.count(records.length)} of ${format.count(total)}` : total === 1 ? 'One record' : `${format.count(total)} records`}
        </Text>
        {rest && (
          <Button
            size="xs"
            variant="default"
            aria-busy={busy}
            {...(busy ? { 'data-disabled': true, 'aria-disabled': true } : { onClick: () => load(more.length + 1) })}
          >
            Show more
          </Button>
        )}
      </Group>
    </Paper>
  );
}

/** The pages after the first that somebody has asked for. They are asked for again with the first. */
function useMore(first: RefusedPartsFragment) {
  const client = useClient();
  const [more, setMore] = useState<readonly RefusedPartsFragment[]>([]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const latest = useRef(0);

  const load = async (count: number) => {
    const turn = ++latest.current;
    setBusy(true);
    const got: RefusedPartsFragment[] = [];
    let problem: unknown;
    for (let at = first.pageInfo; got.length < count && at.hasNextPage && at.endCursor; ) {
      const { data, error } = await client.query(MoreRefused, { after: at.endCursor }, { requestPolicy: 'network-only' });
      const page = readFragment(RefusedParts, data?.tenant?.store?.refusedRecords);
      if (turn !== latest.current) return;
      if (!page) {
        problem = error ?? new Error('The service gave no answer.');
        break;
      }
      got.push(page);
      at = page.pageInfo;
    }
    setBusy(false);
    setError(problem);
    if (problem === undefined) setMore(got);
  };
  useEffect(() => {
    if (more.length > 0) void load(more.length);
  }, [first]);
  useEffect(() => () => void latest.current++, []);
  return { more, busy, error, load };
}
