import type { Client } from 'urql';
import { graphql } from '../gql';
import type { PrivacyRequestKind } from '../gql/graphql';

/** What is asked for, of whom it is asked. */
export const requestWords: Record<PrivacyRequestKind, string> = {
  CUSTOMER_DATA: 'Give a customer their data',
  CUSTOMER_REDACT: 'Forget a customer',
  SHOP_REDACT: 'Delete what came from the store',
};

const Export = graphql(/* GraphQL */ `
  query ExportPrivacyRequest($id: ID!) { node(id: $id) { ... on PrivacyRequest { export customerNumber } } }
`);

/**
 * Fetches what is held about a customer, and has the browser save it as a file. It is in the page's memory alone, and only
 * for as long as that takes.
 */
export async function saveExport(client: Client, id: string): Promise<void> {
  const { data, error } = await client.query(Export, { id }, { requestPolicy: 'network-only' });
  const node = data?.node && 'export' in data.node ? data.node : undefined;
  if (!node?.export) throw error ?? new Error('Nothing is held about this customer any more.');
  const address = URL.createObjectURL(new Blob([node.export], { type: 'application/json' }));
  const link = Object.assign(document.createElement('a'), { href: address, download: fileName(node.customerNumber) });
  link.click();
  // Not before the browser has begun to save it.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** Names the file with a customer's data. */
export const fileName = (number: string | null | undefined) => `customer-${(number ?? '').replace(/\D/g, '') || 'data'}.json`;
