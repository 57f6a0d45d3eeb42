import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const web = join(import.meta.dirname, '../..');

// Parts use others that nobody imports by name, so that this looks at what was built.
test('every part of Mantine that is in the dashboard has its styles', () => {
  const built = (extension: string) =>
    readdirSync(join(web, 'dist'))
      .filter((name) => name.endsWith(extension))
      .map((name) => readFileSync(join(web, 'dist', name), 'utf8'))
      .join('\n');
  const classes = (text: string) => new Set(text.match(/\bm_[0-9a-f]{4,}\b/g));
  const all = classes(readFileSync(join(web, 'node_modules/@mantine/core/styles.css'), 'utf8'));
  const there = classes(built('.css'));
  const used = [...classes(built('.js'))].filter((name) => all.has(name));
  expect(used.length).toBeGreaterThan(50);
  expect(used.filter((name) => !there.has(name))).toEqual([]);
});
