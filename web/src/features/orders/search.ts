import { financialWords, fulfillmentWords } from '../../components/orders';
import type { FinancialStatus, FulfillmentStatus, OrderFilter, OrderSortKey } from '../../gql/graphql';
import { isCountry } from '../../lib/country';
import { rangeOf, readPeriod } from '../../lib/period';
import {
  compact,
  isKey,
  type PageSearch,
  pageArguments,
  readAmount,
  readFlag,
  readId,
  readList,
  readPage,
  readSort,
  readText,
  type Sort,
  sortOf,
} from '../../lib/search';

/** What the address says about the filter of the list. */
export interface FilterSearch {
  search?: string;
  period?: string;
  payment?: FinancialStatus[];
  delivery?: FulfillmentStatus[];
  country?: string[];
  channel?: string[];
  code?: string[];
  tag?: string[];
  min?: string;
  max?: string;
  /** Cancelled orders alone, or all others. */
  cancelled?: boolean;
  /** Test orders too. */
  test?: true;
  customer?: string;
  product?: string;
}

export interface OrdersSearch extends FilterSearch, PageSearch {
  sort?: string;
  /** The order that is open at the side. */
  order?: string;
}

/** What is to be different in the address; undefined leaves something out. */
export type SearchChange = { [K in keyof OrdersSearch]?: OrdersSearch[K] | undefined };

export const pageSize = 25;
export const sortKeys = { placed: 'PROCESSED_AT', total: 'TOTAL', name: 'NAME', changed: 'UPDATED_AT' } as const satisfies Record<
  string,
  OrderSortKey
>;
export const normalSort: Sort<OrderSortKey> = { key: 'PROCESSED_AT', direction: 'DESC' };

const isPayment = (v: string): v is FinancialStatus => isKey(financialWords, v);
const isDelivery = (v: string): v is FulfillmentStatus => isKey(fulfillmentWords, v);

/** Reads the address. */
export function validateOrdersSearch(raw: Record<string, unknown>): OrdersSearch {
  return compact({
    search: readText(raw.search, 200),
    period: readPeriod(raw.period),
    payment: readList(raw.payment, isPayment),
    delivery: readList(raw.delivery, isDelivery),
    country: readList(raw.country, isCountry),
    channel: readList(raw.channel),
    code: readList(raw.code),
    tag: readList(raw.tag),
    min: readAmount(raw.min),
    max: readAmount(raw.max),
    cancelled: readFlag(raw.cancelled),
    test: readFlag(raw.test) || undefined,
    customer: readId(raw.customer),
    product: readId(raw.product),
    sort: readSort(raw.sort, sortKeys, normalSort),
    order: readId(raw.order),
    ...readPage(raw),
  });
}

/** The address without any filter. */
export const noFilter: SearchChange = Object.fromEntries(
  ['search', 'period', 'payment', 'delivery', 'country', 'channel', 'code', 'tag', 'min', 'max', 'cancelled', 'test', 'customer', 'product'].map(
    (name) => [name, undefined],
  ),
);

/** What is to be asked. */
export function question(s: OrdersSearch) {
  const filter: OrderFilter = compact({
    search: s.search,
    range: rangeOf(s.period) ?? undefined,
    financialStatus: s.payment,
    fulfillmentStatus: s.delivery,
    country: s.country,
    channel: s.channel,
    discountCode: s.code,
    tags: s.tag,
    minTotal: s.min,
    maxTotal: s.max,
    cancelled: s.cancelled,
    customerId: s.customer,
    productId: s.product,
  });
  return { filter: { ...filter, includeTest: s.test ?? false }, sort: sortOf(s.sort, sortKeys, normalSort), ...pageArguments(s, pageSize) };
}
