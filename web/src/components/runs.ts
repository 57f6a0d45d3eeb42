import { graphql } from '../gql';
import type { RunPartsFragment, SyncStatus } from '../gql/graphql';

export const RunParts = graphql(/* GraphQL */ `
  fragment RunParts on SyncRun {
    id
    status
    mode
    trigger
    queuedAt
    startedAt
    finishedAt
    attempts
    deadLetter
    progress { resource status fetched created updated unchanged failed expectedTotal throttledUntil }
    proof { resource expected stored linesExpected linesRead matches }
    error { message retryable }
  }
`);

export const RunChanged = graphql(/* GraphQL */ `subscription RunChanged { syncProgress { ...RunParts } }`);

export type Run = RunPartsFragment;

/** Whether a run goes on. */
export const active = (status: SyncStatus) => status === 'QUEUED' || status === 'RUNNING';

export const statusWords: Record<SyncStatus, { name: string; color: string }> = {
  QUEUED: { name: 'Waiting', color: 'gray' },
  RUNNING: { name: 'Running', color: 'indigo' },
  SUCCEEDED: { name: 'Complete', color: 'teal' },
  PARTIALLY_SUCCEEDED: { name: 'Incomplete', color: 'yellow' },
  FAILED: { name: 'Failed', color: 'red' },
  CANCELLED: { name: 'Cancelled', color: 'gray' },
};

export const resourceWords = { PRODUCTS: 'Products', CUSTOMERS: 'Customers', ORDERS: 'Orders' } as const;
