import type { HeldPartsFragment } from '../../gql/graphql';
import type { Formats } from '../../lib/format';

/** Whether there is any record. */
export const any = (r: HeldPartsFragment) => r.orders + r.customers + r.products > 0;

/** Whether some of the records are of a kind, and some are not. */
export const mixed = (all: HeldPartsFragment, some: HeldPartsFragment) =>
  any(some) && some.orders + some.customers + some.products < all.orders + all.customers + all.products;

/** Says how many records there are of each kind, those without any left out: "2 orders with 5 lines and 1 customer". */
export function counted(r: HeldPartsFragment, format: Pick<Formats, 'count'>): string {
  const of = (n: number, one: string) => `${format.count(n)} ${one}${n === 1 ? '' : 's'}`;
  const parts = [];
  if (r.orders > 0) parts.push(`${of(r.orders, 'order')} with ${of(r.orderItems, 'line')}`);
  if (r.customers > 0) parts.push(of(r.customers, 'customer'));
  if (r.products > 0) parts.push(of(r.products, 'product'));
  const last = parts.pop() ?? 'no records';
  return parts.length === 0 ? last : `${parts.join(', ')} and ${last}`;
}
