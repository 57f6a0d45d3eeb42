// Has Lighthouse look at the overview of the demonstration: npm run lighthouse, after npm run build; npm run lighthouse -- 5 for
// the median of five. It is no package of the dashboard: npx fetches it.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { browserPath, build, end, run } from './harness.mjs';

const version = '12.8.2';
const folder = mkdtempSync(join(tmpdir(), 'shopsight-lighthouse-'));
const port = await new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});
const runs = Number(process.argv[2] ?? 3);
let context;

/** One report, of a browser that has seen no file of the page, and has its cookies. */
async function look(url, preset) {
  const file = join(folder, `${preset}.json`);
  await promisify(execFile)('npx', [
    '--yes', `lighthouse@${version}`, url, `--port=${port}`, '--quiet', '--output=json', `--output-path=${file}`,
    // A page that listens for changes is never done loading.
    '--max-wait-for-load=15000',
    '--only-categories=performance,accessibility,best-practices', ...(preset === 'desktop' ? ['--preset=desktop'] : []),
  ]);
  return JSON.parse(readFileSync(file, 'utf8'));
}

try {
  build();
  const demo = await run(['demo', '--addr=127.0.0.1:0', '--data=demo'], /dashboard is at (http:\S+)\/ .* as (\S+) with the password (\S+)\./);
  const [, url, email, password] = demo;
  // Lighthouse opens a tab of its own beside this one, with the same cookies.
  context = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: browserPath(), args: ['--no-sandbox', `--remote-debugging-port=${port}`],
  });
  const page = await context.newPage();
  await page.goto(url);
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.locator('.chart-plot path').first().waitFor();
  await page.close();
  for (const preset of ['desktop', 'mobile']) {
    const reports = [];
    for (let i = 0; i < runs; i++) reports.push(await look(url, preset));
    const median = (of) => reports.map(of).sort((a, b) => a - b)[Math.floor((runs - 1) / 2)];
    const [{ categories, audits }] = reports;
    const scores = Object.entries(categories).map(([id, { title }]) => `${title} ${Math.round(median((r) => r.categories[id].score) * 100)}`);
    console.log(`${preset}, median of ${runs}: ${scores.join(', ')}`);
    const timings = ['first-contentful-paint', 'largest-contentful-paint', 'total-blocking-time', 'cumulative-layout-shift', 'speed-index'];
    console.log(`    ${timings.map((id) => `${audits[id].title} ${+median((r) => r.audits[id].numericValue).toFixed(3)}`).join(', ')}`);
    const bytes = audits['network-requests'].details.items.reduce((sum, r) => sum + r.transferSize, 0);
    console.log(`    ${Math.round(bytes / 1024)} KiB, the machine at ${median((r) => r.environment.benchmarkIndex)} of Lighthouse's index`);
    for (const a of Object.values(audits)) {
      if (a.score !== null && a.score < 0.9 && a.scoreDisplayMode !== 'informative') console.log(`    ${a.id}: ${a.displayValue ?? a.title}`);
    }
  }
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await context?.close();
  await end();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
