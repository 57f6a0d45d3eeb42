import { Stack, Text } from '@mantine/core';
import { graphql, readFragment, type FragmentType } from '../../gql';
import type { Formats } from '../../lib/format';
import { isZero } from './breakdown';

export const RefundParts = graphql(/* GraphQL */ `
  fragment RefundParts on Refund {
    id
    createdAt
    amount { amount }
    taxAmount { amount }
    shippingAmount { amount }
    dutyAmount { amount }
    feeAmount { amount }
    note
    restockedQuantity
  }
`);

/** What went back to the buyer, and when. */
export function Refunds({ refunds, format }: { refunds: readonly FragmentType<typeof RefundParts>[]; format: Formats }) {
  return (
    <Stack gap="sm" component="ul" className="plain">
      {readFragment(RefundParts, refunds).map((r) => (
        <li key={r.id}>
          <Text size="sm" fw={500}>
            {format.instant(r.createdAt)}
          </Text>
          <Text size="sm">
            {[
              `Goods ${format.money(r.amount.amount)}`,
              !isZero(r.taxAmount.amount) && `taxes ${format.money(r.taxAmount.amount)}`,
              !isZero(r.shippingAmount.amount) && `shipping ${format.money(r.shippingAmount.amount)}`,
              !isZero(r.dutyAmount.amount) && `duties ${format.money(r.dutyAmount.amount)}`,
              !isZero(r.feeAmount.amount) && `fees ${format.money(r.feeAmount.amount)}`,
              r.restockedQuantity > 0 && `${format.count(r.restockedQuantity)} back in stock`,
            ]
              .filter(Boolean)
              .join(' · ')}
          </Text>
          {r.note && (
            <Text size="sm" c="dimmed" className="name">
              {r.note}
            </Text>
          )}
        </li>
      ))}
    </Stack>
  );
}
