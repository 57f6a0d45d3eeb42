import type { CustomerFilter, CustomerSortKey, OrderSortKey } from '../../gql/graphql';
import { isCountry } from '../../lib/country';
import { rangeOf, readPeriod } from '../../lib/period';
import {
  compact,
  type PageSearch,
  pageArguments,
  readAmount,
  readCount,
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
  minOrders?: number;
  maxOrders?: number;
  minSpent?: string;
  maxSpent?: string;
  /** When the first and when the last order was placed. */
  first?: string;
  last?: string;
  country?: string[];
  tag?: string[];
  /** The product that was bought. */
  bought?: string;
}

export interface CustomersSearch extends FilterSearch, PageSearch {
  sort?: string;
}

/** What is to be different in the address; undefined leaves something out. */
export type CustomersChange = { [K in keyof CustomersSearch]?: CustomersSearch[K] | undefined };

export const pageSize = 25;
export const sortKeys = {
  name: 'NAME',
  last: 'LAST_ORDER_AT',
  orders: 'ORDERS_COUNT',
  spent: 'TOTAL_SPENT',
  joined: 'CREATED_AT',
} as const satisfies Record<string, CustomerSortKey>;
export const normalSort: Sort<CustomerSortKey> = { key: 'LAST_ORDER_AT', direction: 'DESC' };

/** Reads the address. */
export function validateCustomersSearch(raw: Record<string, unknown>): CustomersSearch {
  return compact({
    search: readText(raw.search, 200),
    minOrders: readCount(raw.minOrders),
    maxOrders: readCount(raw.maxOrders),
    minSpent: readAmount(raw.minSpent),
    maxSpent: readAmount(raw.maxSpent),
    first: readPeriod(raw.first),
    last: readPeriod(raw.last),
    country: readList(raw.country, isCountry),
    tag: readList(raw.tag),
    bought: readId(raw.bought),
    sort: readSort(raw.sort, sortKeys, normalSort),
    ...readPage(raw),
  });
}

/** The address without any filter. */
export const noFilter: CustomersChange = Object.fromEntries(
  ['search', 'minOrders', 'maxOrders', 'minSpent', 'maxSpent', 'first', 'last', 'country', 'tag', 'bought'].map((name) => [name, undefined]),
);

/** What is to be asked. */
export function question(s: CustomersSearch) {
  const filter: CustomerFilter = compact({
    search: s.search,
    minOrders: s.minOrders,
    maxOrders: s.maxOrders,
    minSpent: s.minSpent,
    maxSpent: s.maxSpent,
    firstOrder: rangeOf(s.first) ?? undefined,
    lastOrder: rangeOf(s.last) ?? undefined,
    country: s.country,
    tags: s.tag,
    boughtProductId: s.bought,
  });
  return { filter, sort: sortOf(s.sort, sortKeys, normalSort), ...pageArguments(s, pageSize) };
}

export const historySize = 20;
export const historyKeys = { placed: 'PROCESSED_AT', total: 'TOTAL' } as const satisfies Record<string, OrderSortKey>;
const newestFirst: Sort<OrderSortKey> = { key: 'PROCESSED_AT', direction: 'DESC' };

/** What the address says about one customer: the page of the history, and how its orders are drawn. */
export interface CustomerSearch extends PageSearch {
  sort?: string;
  figure?: 'netSales';
  view?: 'table';
}

export type CustomerChange = { [K in keyof CustomerSearch]?: CustomerSearch[K] | undefined };

export function validateCustomerSearch(raw: Record<string, unknown>): CustomerSearch {
  return compact({
    sort: readSort(raw.sort, historyKeys, newestFirst),
    figure: raw.figure === 'netSales' ? raw.figure : undefined,
    view: raw.view === 'table' ? raw.view : undefined,
    ...readPage(raw),
  });
}

/** Which part of the history is to be asked. */
export function historyQuestion(s: CustomerSearch) {
  return { sort: sortOf(s.sort, historyKeys, newestFirst), ...pageArguments(s, historySize) };
}
