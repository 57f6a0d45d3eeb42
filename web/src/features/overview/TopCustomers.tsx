import { Anchor, Box, Paper, Table, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { graphql, readFragment, type FragmentType } from '../../gql';
import type { Formats } from '../../lib/format';

export const RankedParts = graphql(/* GraphQL */ `
  fragment RankedParts on RankedCustomer {
    rank
    orders
    totalSales { amount }
    shareOfSales
    customer { id displayName }
  }
`);

/** Who bought the most: a bar for each, with its numbers. */
export function TopCustomers({ customers, format }: { customers: readonly FragmentType<typeof RankedParts>[]; format: Formats }) {
  const ranked = readFragment(RankedParts, customers);
  const most = Math.max(...ranked.map((c) => Number(c.totalSales.amount)), 0);
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="top-customers">
      <Title order={2} size="h4" id="top-customers" mb="sm">
        Top customers
      </Title>
      {ranked.length === 0 ? (
        <Text c="dimmed">Nobody who is known by name has ordered in this period.</Text>
      ) : (
        <Table.ScrollContainer minWidth={420}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">Customer</Table.Th>
                <Table.Th scope="col" ta="right">
                  Orders
                </Table.Th>
                <Table.Th scope="col" ta="right">
                  Total sales
                </Table.Th>
                <Table.Th scope="col" ta="right">
                  Share
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {ranked.map((c) => (
                <Table.Tr key={c.customer.id}>
                  <Table.Th scope="row" fw={500} w="50%">
                    <Anchor className="name" renderRoot={(props) => <Link to="/customers/$id" params={{ id: c.customer.id }} {...props} />}>
                      {c.customer.displayName}
                    </Anchor>
                    <Box
                      mt={4}
                      h={6}
                      bg="var(--mantine-primary-color-filled)"
                      style={{ borderRadius: 3, width: `${most > 0 ? Math.max((Number(c.totalSales.amount) / most) * 100, 0) : 0}%` }}
                    />
                  </Table.Th>
                  <Table.Td ta="right">{format.count(c.orders)}</Table.Td>
                  <Table.Td ta="right">{format.money(c.totalSales.amount)}</Table.Td>
                  <Table.Td ta="right">{c.shareOfSales == null ? '–' : format.percent(c.shareOfSales)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Paper>
  );
}
