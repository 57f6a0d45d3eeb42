import { Anchor, Badge, Box, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { graphql, readFragment, type FragmentType } from '../../gql';
import type { Formats } from '../../lib/format';
import { isZero } from './breakdown';

export const ItemParts = graphql(/* GraphQL */ `
  fragment ItemParts on OrderItem {
    id
    title
    variantTitle
    sku
    vendor
    product { id }
    quantity
    refundedQuantity
    giftCard
    unitPrice { amount }
    grossSales { amount }
    discounts { amount }
    netSales { amount }
  }
`);

/** What was ordered, with what it was sold for. */
export function Items({ items, format }: { items: readonly FragmentType<typeof ItemParts>[]; format: Formats }) {
  const all = readFragment(ItemParts, items);
  if (all.length === 0) return <Text c="dimmed">Nothing is on this order.</Text>;
  return (
    <Box className="scroll-x" role="region" aria-label="Items of the order" tabIndex={0}>
      <Table miw={520} horizontalSpacing="xs" aria-label="Items of the order">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Item</Table.Th>
            {['Quantity', 'Unit price', 'Gross sales', 'Discounts', 'Net sales'].map((name) => (
              <Table.Th scope="col" ta="right" key={name}>
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {all.map((i) => (
            <Table.Tr key={i.id}>
              <Table.Th scope="row" fw={500} miw={160} maw={220}>
                <span className="name">{i.title}</span>
                <Text size="xs" c="dimmed" className="name">
                  {[i.variantTitle, i.sku, i.vendor].filter(Boolean).join(' · ')}
                </Text>
                {i.giftCard && (
                  <Badge size="sm" variant="light" color="gray" title="Selling a gift card is not a sale: it stays out of every figure.">
                    Gift card
                  </Badge>
                )}
                {i.product && (
                  <Anchor size="xs" renderRoot={(props) => <Link to="/orders" search={{ product: i.product?.id ?? '' }} {...props} />}>
                    orders with it
                  </Anchor>
                )}
              </Table.Th>
              <Table.Td ta="right">
                {format.count(i.quantity)}
                {i.refundedQuantity > 0 && (
                  <Text size="xs" c="dimmed">
                    {format.count(i.refundedQuantity)} refunded
                  </Text>
                )}
              </Table.Td>
              <Table.Td ta="right">{format.money(i.unitPrice.amount)}</Table.Td>
              <Table.Td ta="right">{format.money(i.grossSales.amount)}</Table.Td>
              <Table.Td ta="right">{isZero(i.discounts.amount) ? '–' : format.money(i.discounts.amount)}</Table.Td>
              <Table.Td ta="right">{format.money(i.netSales.amount)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Box>
  );
}
