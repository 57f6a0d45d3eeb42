// Runs the service and a simulated store as people run them, and a browser that looks at every fault.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';
import { startBetween } from './between.mjs';

const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'shopsight-e2e-'));
const binary = join(folder, 'shopsight');
const running = [];
const open = [];

/** Builds the service with the dashboard that is in dist. */
export function build() {
  const { status } = spawnSync('go', ['build', '-o', binary, './cmd/shopsight'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error('go build failed');
}

/** Starts a command of the service, and returns what the pattern finds in its output. */
export function run(args, pattern, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, args, { cwd: folder, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    running.push(child);
    let out = '';
    child.said = () => out;
    const look = (chunk) => {
      out += chunk;
      const found = out.match(pattern);
      if (found) resolve(found);
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.on('exit', (code) => reject(new Error(`shopsight ${args[0]} ended with ${code}: ${out.slice(-2000)}`)));
  });
}

/**
 * Builds a dashboard that asks a service at another origin, serves it as web/README.md says, and starts that service. Returns
 * both addresses.
 */
export async function startElsewhere(shopifyUrl) {
  const built = join(folder, 'static');
  let service = '';
  const host = createServer((request, response) => {
    const name = new URL(request.url, 'http://host').pathname.slice(1);
    const file = existsSync(join(built, name)) && extname(name) ? name : 'index.html';
    const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
    const nonce = randomUUID();
    response.setHeader('Content-Type', types[extname(file)]);
    response.setHeader(
      'Content-Security-Policy',
      `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data: blob:; font-src 'self'; connect-src ${service}; ` +
        "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
    );
    response.end(readFileSync(join(built, file), 'utf8').replaceAll('__CSP_NONCE__', nonce));
  });
  await new Promise((resolve) => host.listen(0, '127.0.0.1', resolve));
  running.push({ kill: () => host.close() });
  const url = `http://127.0.0.1:${host.address().port}`;
  const started = await run(
    ['serve', '--addr=127.0.0.1:0', '--data=elsewhere', `--dashboard-origins=${url}`, `--shopify-url=${shopifyUrl}`],
    /dashboard is at (http:\S+)\//,
  );
  service = started[1];
  const vite = join(root, 'web', 'node_modules', '.bin', 'vite');
  const { status } = spawnSync(vite, ['build', '--logLevel=warn', '--emptyOutDir', `--outDir=${built}`], {
    cwd: join(root, 'web'),
    env: { ...process.env, VITE_API_URL: service },
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('vite build failed');
  return { url, service };
}

/** What the simulated store and the service have agreed on for an app of the service's own. */
const app = { id: 'simulated', secret: 'shpss_simulated' };

/** Returns a port that nobody listens on: where a service has to know its own address before it has one. */
function freePort() {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/**
 * Starts a simulated store, whose name is made to do harm, and a service that asks it. Somebody stands between the two where
 * that is wanted. A service with an app of its own connects stores by a click, and has an address to which they tell of changes.
 */
export async function startService({ orders = 1500, data = 'data', spoilt = false, own = false } = {}) {
  const name = `<img src=x onerror="window.ran = 1"> \u202e{{1}} שלום 🍵 ${'W'.repeat(200)}`;
  const shop = await run(
    ['simulate', '--addr=127.0.0.1:0', `--orders=${orders}`, '--rate=0', `--name=${name}`],
    /answers at (http:\/\/\S+)[\s\S]*shopDomain: \\"(.*?)\\", accessToken: \\"(.*?)\\"/,
  );
  const between = spoilt ? await startBetween(shop[1]) : undefined;
  if (between) running.push(between);
  const shopUrl = between?.url ?? shop[1];
  const port = own ? await freePort() : 0;
  const more = own ? [`--public-url=http://127.0.0.1:${port}`, `--app-client-id=${app.id}`] : [];
  const service = await run(
    ['serve', `--addr=127.0.0.1:${port}`, `--data=${data}`, `--shopify-url=${shopUrl}`, ...more],
    /dashboard is at (http:\S+)\//,
    own ? { SHOPSIGHT_APP_SECRET: app.secret } : {},
  );
  return { url: service[1], domain: shop[2], token: shop[3], shopUrl, name, between, secret: own ? app.secret : undefined };
}

/** Returns where the browser is. */
export function browserPath() {
  const path = process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
  if (!path) throw new Error('no browser: install chromium (apt-get install chromium), or say in CHROMIUM where one is');
  return path;
}

/** Opens a browser, in which every fault of a page is a fault of the test. It may ask the origin of the url, and of more. */
export async function openBrowser(url, { more = [], ...options } = {}) {
  const browser = await chromium.launch({ executablePath: browserPath(), args: ['--no-sandbox'] });
  running.push({ kill: () => browser.close() });
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-US', timezoneId: 'UTC', ...options });
  return { browser, ...(await openPage(context, url, more)) };
}

/** Opens a page, whose faults are collected, for which asking any other origin is one. */
export async function openPage(context, url, more = []) {
  const page = await context.newPage();
  open.push(page);
  const faults = [];
  // axe and screenshots put styles into the page, which the policy refuses rightly.
  const watch = { policy: true };
  await page.exposeFunction('reportViolation', (what) => watch.policy && faults.push(`policy: ${what}`));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (e) => window.reportViolation(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}`));
  });
  // A picture that the service does not serve is no fault of the page, which shows a letter instead.
  const refused = (address) => [url, ...more].some((origin) => address.startsWith(`${origin}/media/`));
  page.on('console', (m) => {
    const violation = /Content Security Policy/.test(m.text());
    if (['error', 'warning'].includes(m.type()) && !refused(m.location().url) && (watch.policy || !violation)) faults.push(`console: ${m.text()}`);
  });
  page.on('pageerror', (e) => faults.push(`error: ${e.message}`));
  page.on('request', (r) => {
    const to = r.url().replace(/^blob:/, '');
    if (!to.startsWith('data:') && ![url, ...more].some((origin) => to.startsWith(`${origin}/`))) faults.push(`request elsewhere: ${r.url()}`);
  });
  page.on('response', (r) => {
    if (r.status() >= 400 && !refused(r.url())) faults.push(`${r.status()} ${r.url()}`);
  });
  return { context, page, faults, watch };
}

/** Has axe look at the page as it is, in light and in dark; without leaves a part out that is not ours. */
export async function accessible({ page, watch, faults }, name, { without } = {}) {
  watch.policy = false;
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.waitForTimeout(300);
    const axe = new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']);
    if (without) axe.exclude(without);
    const { violations } = await axe.analyze();
    for (const v of violations) {
      faults.push(`axe, ${name}, ${colorScheme}: ${v.id} (${v.impact}): ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(' | ')}`);
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  watch.policy = true;
}

/** Asks the API as a program does. */
export async function ask(url, query, variables = {}, token = '') {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify({ query, variables }),
  });
  const answer = await response.json();
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
}

export const money = (m) => new Intl.NumberFormat('en-US', { style: 'currency', currency: m.currencyCode }).format(m.amount);
export const count = (n) => new Intl.NumberFormat('en-US').format(n);

/** A figure of the overview. */
export const figure = (page, metric) => page.locator(`[data-figure=${metric}]`);

/** Does one step, and says how long it took. */
export async function does(what, how) {
  const began = performance.now();
  try {
    await how();
  } catch (error) {
    console.error(`not ok  ${what}`);
    throw error;
  }
  console.log(`ok  ${what} (${Math.round(performance.now() - began)} ms)`);
}

/** Fills in the form of a page that signs up, and sends it. */
export async function signUp(page, email) {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill('a long enough passphrase');
  await page.getByLabel('Name of the store').fill(`Tea <script>alert(1)</script> & "שלום" 🍵`);
  await page.getByLabel('Currency').selectOption('USD');
  await page.getByLabel('Timezone').selectOption('America/New_York');
  await page.getByLabel('Name of the store').press('Enter');
}

/** Fails when the page is wider than the screen, and says what sticks out. */
export async function noSidewaysScroll(page, name) {
  const fits = () => document.documentElement.scrollWidth <= window.innerWidth;
  await page.waitForFunction(fits, undefined, { timeout: 5_000 }).catch(async () => {
    const wide = await page.evaluate(() =>
      [...document.querySelectorAll('body *')]
        .filter((e) => e.getBoundingClientRect().right > window.innerWidth + 1 && !e.parentElement?.closest('[class*=scrollContainer]'))
        .slice(0, 8)
        .map((e) => `${e.tagName}.${e.getAttribute('class') ?? ''} ${Math.round(e.getBoundingClientRect().right)}`),
    );
    assert.fail(`${name} is too wide: ${wide.join(', ')}`);
  });
}

/** Says what people see on every page that is open, and what the commands have printed last: for the one who looks into a failure. */
export async function tell() {
  for (const page of open.filter((p) => !p.isClosed())) {
    const text = await page.locator('body').innerText({ timeout: 5_000 }).catch((error) => error.message);
    console.error(`--- ${page.url()}\n${text.slice(0, 4000)}`);
  }
  for (const { spawnargs, said } of running) if (said) console.error(`--- ${spawnargs.slice(1).join(' ').slice(0, 200)}\n${said().slice(-4000)}`);
}

/** Ends everything, and waits for it: what still runs would write into the folder while it is removed. */
export async function end() {
  await Promise.all(
    running.reverse().map((r) => {
      r.removeAllListeners?.('exit');
      if (!r.pid) return r.kill();
      if (r.exitCode !== null || r.signalCode !== null) return undefined;
      const gone = once(r, 'exit');
      r.kill();
      const slow = setTimeout(() => r.kill('SIGKILL'), 20_000);
      return gone.finally(() => clearTimeout(slow));
    }),
  );
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
