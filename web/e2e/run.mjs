// Drives the dashboard as people do, against the real service: npm run e2e, after npm run build.
import assert from 'node:assert/strict';
import { accessible, ask, build, end, openBrowser, startService } from './harness.mjs';

const money = (m) => new Intl.NumberFormat('en-US', { style: 'currency', currency: m.currencyCode }).format(m.amount);
const count = (n) => new Intl.NumberFormat('en-US').format(n);

let step = '';
async function does(what, how) {
  step = what;
  const began = performance.now();
  await how();
  console.log(`ok  ${what} (${Math.round(performance.now() - began)} ms)`);
}

async function signUp(page, email) {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill('a long enough passphrase');
  await page.getByLabel('Name of the store').fill(`Tea <script>alert(1)</script> & "שלום" 🍵`);
  await page.getByLabel('Currency').selectOption('USD');
  await page.getByLabel('Timezone').selectOption('America/New_York');
  await page.getByLabel('Name of the store').press('Enter');
}

const figure = (page, metric) => page.locator(`[data-figure=${metric}]`);

async function noSidewaysScroll(page, name) {
  const fits = () => document.documentElement.scrollWidth <= window.innerWidth;
  await page.waitForFunction(fits, undefined, { timeout: 5_000 }).catch(async () => {
    const wide = await page.evaluate(() =>
      [...document.querySelectorAll('main *')]
        .filter((e) => e.getBoundingClientRect().right > window.innerWidth + 1)
        .slice(0, 8)
        .map((e) => `${e.tagName}.${e.getAttribute('class') ?? ''} ${Math.round(e.getBoundingClientRect().right)}`),
    );
    assert.fail(`${name} is too wide: ${wide.join(', ')}`);
  });
}

try {
  build();
  const service = await startService();
  const { url } = service;
  const web = await openBrowser(url);
  const { page, context, faults } = web;
  let loaded = 0;
  const cdp = await context.newCDPSession(page);
  await cdp.send('Network.enable');
  cdp.on('Network.loadingFinished', (e) => (loaded += e.encodedDataLength));

  await does('an address inside leads to the door, and is remembered', async () => {
    await page.goto(`${url}/?range=LAST_90_DAYS`);
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    assert.match(page.url(), /\/login\?next=/);
    await accessible(web, 'log in');
    await page.getByRole('link', { name: 'Sign up' }).click();
    await page.getByRole('heading', { name: 'Sign up' }).waitFor();
    await accessible(web, 'sign up');
  });

  await does('what the service refuses stands at its field', async () => {
    await page.getByLabel('Email').fill('ada@example.com');
    await page.getByLabel('Password', { exact: true }).fill('short');
    await page.getByLabel('Name of the store').fill('Tea');
    await page.getByRole('button', { name: 'Sign up' }).click();
    await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'password');
    await page.locator('input[name=password][aria-invalid=true]').waitFor();
  });

  await does('signing up leads to the checklist, and leaves nothing but the cookie', async () => {
    await signUp(page, 'ada@example.com');
    await page.getByRole('heading', { name: 'Look around first' }).waitFor();
    assert.match(page.url(), /range=LAST_90_DAYS/);
    const cookies = await context.cookies();
    assert.deepEqual(
      cookies.map(({ name, httpOnly, sameSite }) => ({ name, httpOnly, sameSite })),
      [{ name: `shopsight-${new URL(url).port}`, httpOnly: true, sameSite: 'Strict' }],
    );
    assert.deepEqual(await page.evaluate(() => [document.cookie, localStorage.length, sessionStorage.length]), ['', 0, 0]);
    assert.ok(await page.getByText('<script>alert(1)</script>').first().isVisible());
    await accessible(web, 'checklist');
  });

  const api = await ask(url, `mutation { login(input: {email: "ada@example.com", password: "a long enough passphrase"}) { accessToken } }`);
  const token = api.login.accessToken;

  await does('sample data fill the overview, with the figures of the API', async () => {
    await page.getByRole('button', { name: 'Load sample data' }).click();
    await figure(page, 'totalSales').waitFor();
    await page.getByLabel('Period').selectOption('LAST_MONTH');
    await page.waitForURL(/range=LAST_MONTH/);
    const { overview: o } = await ask(
      url,
      `{ overview(range: {preset: LAST_MONTH}, compareTo: PREVIOUS_PERIOD) {
        totalRevenue { value { amount currencyCode } previous { amount currencyCode } } netSales { value { amount currencyCode } } orders { value }
        averageOrderValue { value { amount currencyCode } } customers { value } newCustomers { value } } }`,
      {},
      token,
    );
    await page.getByText(`from ${money(o.totalRevenue.previous)}`).waitFor();
    for (const [metric, want] of Object.entries({
      totalSales: money(o.totalRevenue.value),
      netSales: money(o.netSales.value),
      orders: count(o.orders.value),
      averageOrderValue: money(o.averageOrderValue.value),
      customers: count(o.customers.value),
      newCustomers: count(o.newCustomers.value),
    })) {
      assert.equal(await figure(page, metric).textContent(), want, metric);
    }
    assert.ok(await page.getByText('These are sample data').isVisible());
    assert.equal(await page.getByRole('table').getByRole('rowheader').count(), 5);
  });

  await does('the chart has a table with the same numbers, and the address says what is shown', async () => {
    await page.locator('.recharts-surface').first().waitFor();
    await accessible(web, 'overview');
    await page.getByLabel('Figure').selectOption('orders');
    await page.getByLabel('By', { exact: true }).selectOption('WEEK');
    await page.getByText('Table', { exact: true }).click();
    await page.waitForURL(/range=LAST_MONTH&interval=WEEK&metric=orders&view=table|metric=orders/);
    const { salesTrend } = await ask(url, `{ salesTrend(range: {preset: LAST_MONTH}, interval: WEEK) { points { orders } } }`, {}, token);
    const table = page.getByRole('table', { name: /Orders of each part/ });
    await table.waitFor();
    const shown = await table.locator('tbody tr td:nth-of-type(1)').allTextContents();
    assert.deepEqual(shown.slice(0, salesTrend.points.length), salesTrend.points.map((p) => count(p.orders)));
    await accessible(web, 'overview as a table');
    await page.reload();
    await table.waitFor();
    await page.goBack();
    await page.locator('.recharts-surface').first().waitFor();
  });

  await does('each figure explains itself, by keyboard', async () => {
    await page.getByRole('button', { name: 'What net sales means' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('grossSales - discounts - salesReversals').waitFor();
    await accessible(web, 'explanation');
    await page.keyboard.press('Escape');
    await page.getByText('grossSales - discounts - salesReversals').waitFor({ state: 'detached' });
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'What net sales means');
  });

  await does('a change is there without asking', async () => {
    await page.getByLabel('Period').selectOption('TODAY');
    await page.waitForURL(/range=TODAY/);
    const before = await ask(url, `{ overview(range: {preset: TODAY}) { orders { value } } }`, {}, token);
    await page.waitForFunction((n) => document.querySelector('[data-figure=orders]')?.textContent === n, count(before.overview.orders.value));
    await ask(
      url,
      `mutation($at: DateTime!) { ingestOrders(orders: [{shopifyId: "4711", processedAt: $at, items: [{title: "Tea", quantity: 1, unitPrice: "9.95"}]}]) { created } }`,
      { at: new Date().toISOString() },
      token,
    );
    await page.waitForFunction((n) => document.querySelector('[data-figure=orders]')?.textContent === n, count(before.overview.orders.value + 1));
  });

  await does('a narrow screen shows everything', async () => {
    await page.setViewportSize({ width: 320, height: 640 });
    await noSidewaysScroll(page, 'the overview');
    await page.getByRole('button', { name: 'Navigation' }).click();
    await page.getByRole('link', { name: 'Sync' }).click();
    await page.getByRole('heading', { name: 'Connect your store' }).waitFor();
    await noSidewaysScroll(page, 'the sync page');
    await accessible(web, 'sync without a store, narrow');
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  await does('a session renews itself before its token ends, and tabs that open at once do not end it', async () => {
    const held = async () => (await context.cookies())[0]?.value;
    const tab = await context.newPage();
    await tab.clock.install();
    await tab.goto(url);
    await figure(tab, 'orders').waitFor();
    const before = await held();
    const renewed = tab.waitForResponse((r) => r.request().headers()['x-token-transport'] === 'cookie');
    await tab.clock.fastForward('14:30');
    await (await renewed).finished();
    await tab.waitForTimeout(100);
    assert.notEqual(await held(), before);
    await tab.close();
    const tabs = await Promise.all([1, 2, 3].map(() => context.newPage()));
    await Promise.all(tabs.map((t) => t.goto(url)));
    await Promise.all(tabs.map((t) => figure(t, 'orders').waitFor()));
    await Promise.all(tabs.map((t) => t.close()));
  });

  await does('a session outlives a reload, and ends with logging out, in every tab', async () => {
    const other = await context.newPage();
    await other.goto(`${url}/sync`);
    await other.getByRole('heading', { name: 'Sync' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    await other.getByRole('heading', { name: 'Log in' }).waitFor();
    await other.close();
    assert.deepEqual(await context.cookies(), []);
    await page.goBack();
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    await page.getByLabel('Email').fill('ada@example.com');
    await page.getByLabel('Password', { exact: true }).fill('not the passphrase');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('alert').waitFor();
  });

  await does('a store connects from the checklist, and its bars move', async () => {
    await page.goto(`${url}/signup`);
    await signUp(page, 'grace@example.com');
    await page.getByLabel('Address of the store').fill(service.domain);
    await page.getByLabel('Access token').fill('shpat_wrong');
    await page.getByRole('button', { name: 'Connect the store' }).click();
    await page.locator('input[name=accessToken][aria-invalid=true]').waitFor();
    await page.getByLabel('Access token').fill(service.token);
    await page.getByRole('button', { name: 'Connect the store' }).click();
    const bars = page.getByRole('progressbar');
    await bars.first().waitFor({ state: 'attached' });
    const seen = new Set();
    const began = Date.now();
    while (Date.now() - began < 60_000 && (await bars.count()) > 0) {
      for (const text of await bars.evaluateAll((all) => all.map((b) => `${b.getAttribute('aria-labelledby')} ${b.getAttribute('aria-valuenow')}`))) {
        seen.add(text);
      }
      await page.waitForTimeout(50);
    }
    assert.ok(seen.size > 5, `the bars stood at ${[...seen]}`);
    await figure(page, 'orders').waitFor();
  });

  await does('the sync page proves that everything is in', async () => {
    await page.getByRole('link', { name: 'Sync' }).click();
    await page.getByText('✓ 1,500 of 1,500 orders').waitFor();
    await page.getByRole('button', { name: 'Sync now' }).click();
    await page.getByText('asked for').waitFor();
    await page.waitForFunction(() => [...document.querySelectorAll('tbody tr')].every((r) => r.textContent?.includes('Complete')));
    await accessible(web, 'sync');
  });

  await does('an unreachable service is said to be so', async () => {
    web.watch.policy = false;
    const known = faults.length;
    await page.route('**/graphql', (r) => r.abort());
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('alert').filter({ hasText: 'does not answer' }).waitFor();
    await page.unroute('**/graphql');
    faults.length = known; // the browser logs what it could not load
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await figure(page, 'orders').waitFor();
    web.watch.policy = true;
  });

  await does('the first load is small', async () => {
    await page.waitForTimeout(500);
    const fresh = await context.browser().newContext({ storageState: await context.storageState() });
    const tab = await fresh.newPage();
    const client = await fresh.newCDPSession(tab);
    await client.send('Network.enable');
    loaded = 0;
    let requests = 0;
    client.on('Network.loadingFinished', (e) => {
      loaded += e.encodedDataLength;
      requests++;
    });
    await tab.goto(url);
    await tab.locator('.recharts-surface').first().waitFor();
    console.log(`    ${Math.round(loaded / 1024)} KiB in ${requests} requests`);
    assert.ok(loaded < 350_000, `${loaded} bytes`);
    await fresh.close();
  });

  step = 'nothing went wrong on the way';
  assert.deepEqual(faults, []);
  console.log(`ok  ${step}`);
} catch (error) {
  console.error(`not ok  ${step}`);
  console.error(error);
  process.exitCode = 1;
} finally {
  end();
}
