import type { ProductFilter, ProductSortKey, ProductStatus } from '../../gql/graphql';
import { compact, isKey, type PageSearch, pageArguments, readCount, readList, readPage, readSort, readText, type Sort, sortOf } from '../../lib/search';
import { statusWords } from './words';

/** What the address says about the filter of the list. */
export interface FilterSearch {
  search?: string;
  status?: ProductStatus[];
  vendor?: string[];
  type?: string[];
  tag?: string[];
  /** At most so many units are in stock; products that were oversold have fewer than none. */
  stock?: number;
}

export interface ProductsSearch extends FilterSearch, PageSearch {
  sort?: string;
}

/** What is to be different in the address; undefined leaves something out. */
export type ProductsChange = { [K in keyof ProductsSearch]?: ProductsSearch[K] | undefined };

export const pageSize = 25;
export const leastStock = -(2 ** 31);
export const sortKeys = { title: 'TITLE', added: 'CREATED_AT', changed: 'UPDATED_AT', stock: 'INVENTORY' } as const satisfies Record<
  string,
  ProductSortKey
>;
export const normalSort: Sort<ProductSortKey> = { key: 'TITLE', direction: 'ASC' };

const isStatus = (v: string): v is ProductStatus => isKey(statusWords, v);

/** Reads the address. */
export function validateProductsSearch(raw: Record<string, unknown>): ProductsSearch {
  return compact({
    search: readText(raw.search, 200),
    status: readList(raw.status, isStatus),
    vendor: readList(raw.vendor),
    type: readList(raw.type),
    tag: readList(raw.tag),
    stock: readCount(raw.stock, leastStock),
    sort: readSort(raw.sort, sortKeys, normalSort),
    ...readPage(raw),
  });
}

/** The address without any filter. */
export const noFilter: ProductsChange = Object.fromEntries(
  ['search', 'status', 'vendor', 'type', 'tag', 'stock'].map((name) => [name, undefined]),
);

/** What is to be asked. */
export function question(s: ProductsSearch) {
  const filter: ProductFilter = compact({
    search: s.search,
    status: s.status,
    vendor: s.vendor,
    productType: s.type,
    tags: s.tag,
    maxInventory: s.stock,
  });
  return { filter, sort: sortOf(s.sort, sortKeys, normalSort), ...pageArguments(s, pageSize) };
}
