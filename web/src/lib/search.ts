// Reads what an address says. Addresses are typed and shared by people: whatever makes no sense counts as left out, which is
// what undefined means here. Arrays and numbers come as the router has read them.

export function isKey<T extends object>(of: T, v: unknown): v is keyof T & string {
  return typeof v === 'string' && Object.hasOwn(of, v);
}

/** Text that is not empty. The router takes what looks like a number for one. */
export function readText(v: unknown, most = 255): string | undefined {
  const text = typeof v === 'number' && Number.isFinite(v) ? String(v) : typeof v === 'string' ? v.trim() : '';
  return text !== '' && text.length <= most ? text : undefined;
}

/** An id or a cursor of the API. */
export function readId(v: unknown): string | undefined {
  const id = readText(v, 2_000);
  return id && /^[\w-]+$/.test(id) ? id : undefined;
}

/** An exact amount, as text. */
export function readAmount(v: unknown): string | undefined {
  const amount = readText(v, 20);
  return amount && /^-?\d+(\.\d+)?$/.test(amount) ? amount : undefined;
}

/** A whole number that the API takes, not below the least. */
export function readCount(v: unknown, least = 0): number | undefined {
  const count = Number(readText(v) ?? Number.NaN);
  return Number.isInteger(count) && count >= least && count < 2 ** 31 ? count : undefined;
}

/** True, false, or undefined. */
export function readFlag(v: unknown): boolean | undefined {
  return typeof v === 'boolean' ? v : undefined;
}

/** The texts of a list that are good, each once; undefined when none is left. */
export function readList<T extends string = string>(v: unknown, good: (text: string) => text is T): T[] | undefined;
export function readList(v: unknown): string[] | undefined;
export function readList(v: unknown, good: (text: string) => boolean = () => true): string[] | undefined {
  const texts = (Array.isArray(v) ? v : [v]).map((t) => readText(t)).filter((t) => t !== undefined);
  const list = [...new Set(texts)].filter(good).slice(0, 100);
  return list.length > 0 ? list : undefined;
}

/** The same without what is undefined, so that the address does not name it. */
export function compact<T extends object>(search: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(search).filter(([, v]) => v !== undefined)) as never;
}

/** Where a page of a list begins or ends; neither is the first page. */
export interface PageSearch {
  after?: string;
  before?: string;
}

/** Leads back to the first page, as a cursor is good for one filter and one sort only. */
export const firstPage = { after: undefined, before: undefined };

export function readPage(raw: Record<string, unknown>): PageSearch {
  const after = readId(raw.after);
  const before = readId(raw.before);
  if (after) return { after };
  return before ? { before } : {};
}

/** The arguments of a list for the page. */
export function pageArguments(search: PageSearch, size: number) {
  if (search.before) return { last: size, before: search.before };
  return search.after ? { first: size, after: search.after } : { first: size };
}

export interface Sort<Key extends string> {
  key: Key;
  direction: 'ASC' | 'DESC';
}

/** Reads a sort from `total` (upwards) or `-total` (downwards), by the names that an address has for the keys. */
export function readSort<Key extends string>(v: unknown, keys: Record<string, Key>, normal: Sort<Key>): string | undefined {
  if (typeof v !== 'string' || !isKey(keys, v.replace(/^-/, ''))) return undefined;
  return v === writeSort(normal, keys) ? undefined : v;
}

export function sortOf<Key extends string>(v: string | undefined, keys: Record<string, Key>, normal: Sort<Key>): Sort<Key> {
  const key = v === undefined ? undefined : keys[v.replace(/^-/, '')];
  return key ? { key, direction: v?.startsWith('-') ? 'DESC' : 'ASC' } : normal;
}

export function writeSort<Key extends string>(sort: Sort<Key>, keys: Record<string, Key>): string {
  const name = Object.entries(keys).find(([, key]) => key === sort.key)?.[0] ?? '';
  return sort.direction === 'DESC' ? `-${name}` : name;
}
