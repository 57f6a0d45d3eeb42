import type { Example } from './examples';

let owner = '';
let items = new Map<string, string>();

/**
 * Where the playground keeps what is typed: in memory, until the page is left. Variables may hold what must not outlive a
 * session, so that it is neither in the browser's storage nor there for the next person. GraphiQL reads what the first tab
 * holds from here, and not from its default tabs.
 */
export function memoryOf(person: string, first: Example) {
  if (person !== owner) items = new Map(Object.entries(first).map(([name, text]) => [`graphiql:${name}`, text]));
  owner = person;
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
    clear: () => items.clear(),
    get length() {
      return items.size;
    },
  };
}
