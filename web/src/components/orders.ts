import type { FinancialStatus, FulfillmentStatus } from '../gql/graphql';

/** What a state is called, and in which colour. */
export interface Word {
  name: string;
  color: string;
}

export const financialWords: Record<FinancialStatus, Word> = {
  PENDING: { name: 'Not paid', color: 'yellow' },
  AUTHORIZED: { name: 'Authorized', color: 'indigo' },
  PARTIALLY_PAID: { name: 'Partly paid', color: 'yellow' },
  PAID: { name: 'Paid', color: 'teal' },
  PARTIALLY_REFUNDED: { name: 'Partly refunded', color: 'gray' },
  REFUNDED: { name: 'Refunded', color: 'gray' },
  VOIDED: { name: 'Voided', color: 'gray' },
  EXPIRED: { name: 'Expired', color: 'red' },
};

export const fulfillmentWords: Record<FulfillmentStatus, Word> = {
  UNFULFILLED: { name: 'Not sent', color: 'yellow' },
  PARTIALLY_FULFILLED: { name: 'Partly sent', color: 'yellow' },
  FULFILLED: { name: 'Sent', color: 'teal' },
  RESTOCKED: { name: 'Back in stock', color: 'gray' },
  ON_HOLD: { name: 'On hold', color: 'red' },
  SCHEDULED: { name: 'Planned', color: 'indigo' },
  IN_PROGRESS: { name: 'In progress', color: 'indigo' },
};
