import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

// What dist is made of, besides the packages that the lock file names. embed_test.go reads the same list.
const inputs = ['index.html', 'package.json', 'package-lock.json', 'tsconfig.json', 'vite.config.ts', 'public', 'src'];

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

export default defineConfig({
  // The server puts the prefix of the build in the place of "./".
  base: './',
  plugins: [react(), fingerprint()],
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    target: 'es2023',
    // An inlined file would need data: in the policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      // Names without digests: a change of one file is a change of one file.
      output: { entryFileNames: '[name].js', chunkFileNames: '[name].js', assetFileNames: '[name][extname]' },
      onLog(level, log, handler) {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handler(level, log);
      },
    },
  },
  server: { proxy: { '/graphql': { target: 'http://127.0.0.1:8080', changeOrigin: false } } },
});
