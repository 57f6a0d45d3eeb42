// Runs the service and a simulated store as people run them, and a browser that looks at every fault.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';

const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'shopsight-e2e-'));
const binary = join(folder, 'shopsight');
const running = [];

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

/** Starts a simulated store and a service that asks it. */
export async function startService({ orders = 1500 } = {}) {
  const shop = await run(
    ['simulate', '--addr=127.0.0.1:0', `--orders=${orders}`, '--rate=0'],
    /answers at (http:\/\/\S+)[\s\S]*shopDomain: \\"(.*?)\\", accessToken: \\"(.*?)\\"/,
  );
  const service = await run(['serve', '--addr=127.0.0.1:0', '--data=data', `--shopify-url=${shop[1]}`], /dashboard is at (http:\S+)\//);
  return { url: service[1], domain: shop[2], token: shop[3] };
}

/** Opens a browser, in which every fault of a page is a fault of the test. */
export async function openBrowser(url, options = {}) {
  const path = process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
  if (!path) throw new Error('no browser: install chromium (apt-get install chromium), or say in CHROMIUM where one is');
  const browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox'] });
  running.push({ kill: () => void browser.close() });
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-US', timezoneId: 'UTC', ...options });
  const page = await context.newPage();
  const faults = [];
  // axe and screenshots put styles into the page, which the policy refuses rightly.
  const watch = { policy: true };
  await page.exposeFunction('reportViolation', (what) => watch.policy && faults.push(`policy: ${what}`));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (e) => window.reportViolation(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}`));
  });
  page.on('console', (m) => {
    const violation = /Content Security Policy/.test(m.text());
    if (['error', 'warning'].includes(m.type()) && (watch.policy || !violation)) faults.push(`console: ${m.text()}`);
  });
  page.on('pageerror', (e) => faults.push(`error: ${e.message}`));
  page.on('request', (r) => {
    if (!r.url().startsWith(`${url}/`) && !r.url().startsWith('data:')) faults.push(`request elsewhere: ${r.url()}`);
  });
  page.on('response', (r) => {
    if (r.status() >= 400) faults.push(`${r.status()} ${r.url()}`);
  });
  return { browser, context, page, faults, watch };
}

/** Has axe look at the page as it is, in light and in dark. */
export async function accessible({ page, watch, faults }, name) {
  watch.policy = false;
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.waitForTimeout(300);
    const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
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

/** Ends everything. */
export function end() {
  for (const r of running.reverse()) {
    r.removeAllListeners?.('exit');
    r.kill();
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
