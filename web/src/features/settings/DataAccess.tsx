import { Paper, Table, Text, Title } from '@mantine/core';
import { type FragmentType, graphql, readFragment } from '../../gql';
import type { Formats } from '../../lib/format';
import { Onward } from './Onward';
import type { PrivacyChange, PrivacySearch } from './search';

const DataAccessList = graphql(/* GraphQL */ `
  fragment DataAccessList on CustomerDataAccessConnection {
    nodes { hourAt actor { id name email } operation fields customers answers }
    pageInfo { hasNextPage endCursor }
  }
`);

/** What was shown, in words; a field that is not known here has its own. */
const fieldName = (field: string) => (field === 'export' ? 'everything, for an export' : field);

interface Props {
  page: FragmentType<typeof DataAccessList>;
  search: PrivacySearch;
  busy: boolean;
  format: Formats;
  onChange: (change: PrivacyChange) => void;
}

/** Who was shown names, addresses and telephone numbers of customers, by the hour. */
export function DataAccess({ page, search, busy, format, onChange }: Props) {
  const list = readFragment(DataAccessList, page);
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="access">
      <Title order={2} size="h4" id="access">
        Who was shown personal data
      </Title>
      <Text size="sm" c="dimmed" mb="sm" maw={640}>
        Names, email addresses, telephone numbers and cities of customers. A line stands for the answers of an hour, each of whose
        customers counts anew, and is kept for a year.
      </Text>
      {list.nodes.length === 0 ? (
        <Text c="dimmed">{search.seen ? 'There is nothing older.' : 'Nobody was shown any yet.'}</Text>
      ) : (
        <Table.ScrollContainer minWidth={760} scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-labelledby': 'access' } }}>
          <Table verticalSpacing="xs" aria-labelledby="access" aria-busy={busy}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">Hour</Table.Th>
                <Table.Th scope="col">Who</Table.Th>
                <Table.Th scope="col">Asked for</Table.Th>
                <Table.Th scope="col">Fields</Table.Th>
                <Table.Th scope="col" ta="right">
                  Customers
                </Table.Th>
                <Table.Th scope="col" ta="right">
                  Answers
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {list.nodes.map((a, i) => (
                <Table.Tr key={`${a.hourAt} ${i}`}>
                  <Table.Th scope="row" fw={400}>
                    {format.instant(a.hourAt)}
                  </Table.Th>
                  <Table.Td className="name">
                    {a.actor ? (a.actor.name ?? a.actor.email) : 'Nobody who is still here'}
                    {a.actor?.name && (
                      <Text size="xs" c="dimmed">
                        {a.actor.email}
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td className="name">{a.operation || 'An unnamed query'}</Table.Td>
                  <Table.Td className="name">{a.fields.map(fieldName).join(', ')}</Table.Td>
                  <Table.Td ta="right">{format.count(a.customers)}</Table.Td>
                  <Table.Td ta="right">{format.count(a.answers)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <Onward
        label="Pages of the access records"
        next={list.pageInfo.hasNextPage ? list.pageInfo.endCursor : null}
        within={search.seen !== undefined}
        onPage={(seen) => onChange({ seen })}
      />
    </Paper>
  );
}
