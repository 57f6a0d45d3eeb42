import type { SyncResource, SyncTrigger } from '../../gql/graphql';

/** Why a sync was started. */
export const triggerWords: Record<SyncTrigger, string> = { MANUAL: 'asked for', SCHEDULED: 'by schedule', FIRST_CONNECT: 'first import' };

/** One record of a kind. */
export const recordWords: Record<SyncResource, string> = { PRODUCTS: 'Product', CUSTOMERS: 'Customer', ORDERS: 'Order' };
