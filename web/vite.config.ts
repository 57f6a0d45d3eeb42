import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { documents } from './documents.ts';

// What dist is made of, besides the packages that the lock file names. embed_test.go reads the same list.
const inputs = ['index.html', 'package.json', 'package-lock.json', 'tsconfig.json', 'documents.ts', 'vite.config.ts', 'public', 'src'];

/** Lists the files of the inputs, without tests, which do not end up in dist. */
function sources(path: string): string[] {
  try {
    return readdirSync(path).flatMap((name) => sources(`${path}/${name}`));
  } catch {
    return /\.test\.tsx?$/.test(path) ? [] : [path];
  }
}

/** Writes dist/build.json, by which a test without Node tells whether dist is stale. */
function fingerprint(): Plugin {
  return {
    name: 'fingerprint',
    apply: 'build',
    generateBundle() {
      const lines = inputs
        .flatMap(sources)
        .sort()
        .map((path) => `${createHash('sha256').update(readFileSync(join(import.meta.dirname, path))).digest('hex')}  ${path}\n`);
      const sha256 = createHash('sha256').update(lines.join('')).digest('hex');
      this.emitFile({ type: 'asset', fileName: 'build.json', source: `${JSON.stringify({ sha256 })}\n` });
    },
  };
}

// A dashboard that is served from elsewhere asks the service at this address. It is built beside dist, which is for the
// service itself.
const elsewhere = process.env.VITE_API_URL;

// What answers while the sources are served.
const service = { target: 'http://127.0.0.1:8080', changeOrigin: false };

// The server puts the prefix of the build in the place of "./". A static host has the page at every depth.
const base = elsewhere ? '/' : './';

/** Leaves the fonts of GraphiQL out, 34 files written into its styles: the page has its own, and the policy forbids data:. */
const withoutFonts = { postcssPlugin: 'without-fonts', AtRule: { 'font-face': (rule: { remove(): unknown }) => void rule.remove() } };

interface Modules {
  getModuleInfo(id: string): { importedIds: readonly string[] } | null;
}
const reached = new Map<string, Set<string>>();

/** Whether a module has to be there before an entry can run. */
function reaches(build: Modules, entry: string, id: string): boolean {
  let all = reached.get(entry);
  if (!all) {
    all = new Set([join(import.meta.dirname, entry)]);
    for (const next of all) for (const imported of build.getModuleInfo(next)?.importedIds ?? []) all.add(imported);
    reached.set(entry, all);
  }
  return all.has(id);
}

/**
 * Puts start.ts into the page as a script of its own, before that of all the rest, which may come after what is needed for
 * the first paint.
 */
function startFirst(): Plugin {
  return {
    name: 'start-first',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (html) => ({
        html: html.replace(/(?=<script type="module")/, '<script type="module" crossorigin src="' + base + 'start.js"></script>\n    ')
          .replace(/src="[^"]*index\.js"/, '$& fetchpriority="low"'),
        tags: [],
      }),
    },
  };
}

export default defineConfig({
  base,
  plugins: [documents(), react(), fingerprint(), startFirst()],
  css: { postcss: { plugins: [withoutFonts] } },
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    outDir: elsewhere ? 'dist-static' : 'dist',
    target: 'es2023',
    // An inlined file would need data: in the policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      input: ['index.html', 'src/start.ts'],
      output: {
        // Names without digests: a change of one file is a change of one file.
        entryFileNames: '[name].js',
        chunkFileNames: '[name].js',
        assetFileNames: '[name][extname]',
        // What is needed before the service is asked who this is, what every page needs, and what the first page shares with
        // others, is one file each: fewer and smaller than their parts, and so with more pages.
        codeSplitting: {
          groups: [
            { name: (id, build) => (reaches(build, 'src/start.ts', id) ? 'session' : null), debugName: 'session', priority: 3 },
            { name: 'base', tags: ['$initial'], priority: 2 },
            { name: 'parts', minShareCount: 3, test: /\/src\/|@mantine|graphql-sse/, priority: 1 },
          ],
        },
      },
      onLog(level, log, handler) {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handler(level, log);
      },
    },
  },
  server: { proxy: { '/graphql': service, '/media': service } },
});
