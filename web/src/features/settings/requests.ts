import type { PrivacyRequestPartsFragment } from '../../gql/graphql';

type State = Pick<PrivacyRequestPartsFragment, 'status' | 'kind' | 'dueAt'>;

/** How a request stands, in a word and a colour. */
export function stateOf({ status, kind, dueAt }: State, now: number): { name: string; color: string } {
  if (status === 'DONE') return { name: 'Done', color: 'teal' };
  if (Date.parse(dueAt) < now) return { name: 'Overdue', color: 'red' };
  // The service sees to the others by itself.
  return kind === 'CUSTOMER_DATA' ? { name: 'To be handed over', color: 'yellow' } : { name: 'Under way', color: 'indigo' };
}

/** Says about whom or what a request is. */
export function subjectOf({ kind, customerNumber, orders }: Pick<PrivacyRequestPartsFragment, 'kind' | 'customerNumber' | 'orders'>, count: (n: number) => string): string {
  if (kind === 'SHOP_REDACT') return 'The whole store';
  const who = customerNumber ? `Customer ${customerNumber.split('/').at(-1)}` : 'A customer who is not known by number';
  return orders > 0 ? `${who}, ${orders === 1 ? 'one order' : `${count(orders)} orders`}` : who;
}
