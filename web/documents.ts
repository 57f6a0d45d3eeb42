import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const call = /graphql\(\s*\/\* GraphQL \*\/\s*`([^`]*)`,?\s*\)/g;
const fragment = /^\s*fragment\s+(\w+)/;

/** Returns an operation with every fragment that it spreads, directly or not. */
function whole(operation: string, fragments: ReadonlyMap<string, string>): string {
  const found = new Set<string>();
  const parts = [operation];
  for (const part of parts) {
    for (const [, name = ''] of part.matchAll(/\.\.\.\s*(\w+)/g)) {
      if (name === 'on' || found.has(name)) continue;
      found.add(name);
      const text = fragments.get(name);
      if (text === undefined) throw new Error(`there is no fragment ${name}`);
      parts.push(text);
    }
  }
  return parts.join(' ').replace(/\s+/g, ' ').trim();
}

/**
 * Puts the text of an operation in the place of graphql(`...`). What codegen makes of them is one module with all of them,
 * parsed, which the first page would load for every other. A fragment by itself is needed for its type alone.
 */
export function documents(): Plugin {
  const root = join(import.meta.dirname, 'src');
  const fragments = new Map<string, string>();
  const learn = (code: string) => {
    for (const [, text = ''] of code.matchAll(call)) {
      const name = fragment.exec(text)?.[1];
      if (name) fragments.set(name, text);
    }
  };
  return {
    name: 'documents',
    enforce: 'pre',
    buildStart() {
      for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
        if (/\.tsx?$/.test(name)) learn(readFileSync(join(root, name), 'utf8'));
      }
    },
    transform(code, id) {
      if (!id.startsWith(root) || id.startsWith(join(root, 'gql')) || !code.includes('graphql(/* GraphQL */')) return undefined;
      learn(code);
      const replaced = code.replace(call, (_, text: string) => JSON.stringify(fragment.test(text) ? '' : whole(text, fragments)));
      return { code: replaced, map: null };
    },
  };
}
