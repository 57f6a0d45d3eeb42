// The customers: who is found is who the API finds, and a customer's page adds up to what the API says.
import assert from 'node:assert/strict';

const long = (text) => [...text.repeat(255)].slice(0, 255).join('');

// A shop that means no good: every field is as long as it may be, and has something in it that is no plain text.
const bad = {
  firstName: `<script>alert("first")</script>${'W'.repeat(224)}`,
  lastName: `\u202eשלום ${'ש'.repeat(240)}`,
  email: `"><img/src=x/onerror=alert(1)>@${'example.'.repeat(20)}com`,
  phone: '🍵'.repeat(40),
  city: `{{constructor}} ${'🏴‍☠️'.repeat(10)}${'m'.repeat(180)}`,
  tags: [`<b>${'t'.repeat(250)}`, '‮طويل', '🍵'],
};
const orders = 45;

export async function customers({ web, page, url, token, does, ask, accessible, noSidewaysScroll, money, count }) {
  const api = (query, variables) => ask(url, query, variables, token);
  const list = async (args) => (await api(`{ customers(${args}) { nodes { id displayName } pageInfo { endCursor } totalCount } }`)).customers;
  /** Waits until the table shows rows of these names and no others. */
  const shows = async (want, tab = page) => {
    const names = (want) => [...document.querySelectorAll('tbody .row-link')].map((e) => e.textContent).join('\n') === want;
    await tab.waitForFunction(names, want.join('\n')).catch(async () => {
      assert.deepEqual(await tab.locator('tbody .row-link').allTextContents(), want);
    });
  };
  const showsList = async (found, tab = page) => {
    await shows(found.nodes.map((c) => c.displayName), tab);
    await tab.getByRole('status').filter({ hasText: `${count(found.totalCount)} customer` }).waitFor();
  };
  const fact = (name) => page.locator('main dt').filter({ hasText: name }).first().locator('xpath=following-sibling::dd');

  await does('the best customers of the overview lead to their pages', async () => {
    await page.goto(url);
    const link = page.getByRole('region', { name: 'Top customers' }).getByRole('link').first();
    const name = await link.textContent();
    await link.click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
    await page.waitForFunction((name) => document.title.startsWith(`${name} · `), name);
    await page.getByRole('main').getByRole('link', { name: 'All customers' }).click();
    await page.getByRole('heading', { level: 1, name: 'Customers' }).waitFor();
    await page.waitForFunction(() => document.title.startsWith('Customers · '));
  });

  await does('the pages of customers are those of the API, forward and back', async () => {
    const nav = page.getByRole('navigation', { name: 'Pages of customers' });
    const first = await list('first: 25');
    await showsList(first);
    const { customers } = await api('{ customers(first: 25) { nodes { ordersCount totalSpent { amount currencyCode } } } }');
    const cells = (n) => page.locator(`tbody tr td:nth-of-type(${n})`).allTextContents();
    assert.deepEqual(await cells(4), customers.nodes.map((c) => count(c.ordersCount)));
    assert.deepEqual(await cells(5), customers.nodes.map((c) => money(c.totalSpent)));
    await accessible(web, 'customers');
    await nav.getByRole('button', { name: 'Next' }).click();
    const second = await list(`first: 25, after: "${first.pageInfo.endCursor}"`);
    await showsList(second);
    await nav.getByRole('button', { name: 'Previous' }).click();
    await showsList(first);
    await page.goBack();
    await showsList(second);
  });

  await does('customers are filtered and sorted in the address, for whoever opens it', async () => {
    await page.getByRole('link', { name: 'Customers', exact: true }).click();
    await page.getByRole('columnheader', { name: 'Total spent' }).getByRole('button').press('Enter');
    await page.getByRole('button', { name: 'More filters' }).press('Enter');
    await page.getByLabel('Orders from').fill('2');
    await page.getByLabel('Orders from').press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'INPUT');
    await page.getByLabel('Spent up to').fill('none');
    await page.getByLabel('Spent up to').press('Enter');
    await page.getByText('An amount is like 19.90.').waitFor();
    await page.getByLabel('Spent up to').fill('900.50');
    await page.getByLabel('Spent up to').press('Enter');
    await page.getByLabel('First order', { exact: true }).last().selectOption('LAST_12_MONTHS');
    await page.waitForURL(/first=LAST_12_MONTHS/);
    const found = await list(
      'first: 25, sort: {key: TOTAL_SPENT}, filter: {minOrders: 2, maxSpent: "900.50", firstOrder: {preset: LAST_12_MONTHS}}',
    );
    assert.ok(found.totalCount > 0);
    await showsList(found);
    await accessible(web, 'customers with filters');
    const tab = await page.context().newPage();
    await tab.goto(page.url());
    await showsList(found, tab);
    await tab.close();
    await page.getByRole('button', { name: /^First order: Last 12 months/ }).click();
    await showsList(await list('first: 25, sort: {key: TOTAL_SPENT}, filter: {minOrders: 2, maxSpent: "900.50"}'));
    await page.goBack();
    await showsList(found);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await showsList(await list('first: 25, sort: {key: TOTAL_SPENT}'));
    await page.getByLabel('Search').fill('nobody is called this');
    await page.getByRole('button', { name: 'Show all customers' }).click();
    await showsList(await list('first: 25, sort: {key: TOTAL_SPENT}'));
  });

  await does('a hostile shop renders as text', async () => {
    const day = (n) => new Date(Date.now() - n * 86_400_000).toISOString();
    const { ingestCustomers, ingestOrders } = await api(
      `mutation($customer: CustomerInput!, $orders: [OrderInput!]!) {
        ingestCustomers(customers: [$customer]) { created userErrors { message field } }
        ingestOrders(orders: $orders) { created userErrors { message field } } }`,
      {
        customer: { shopifyId: '990001', country: 'DE', createdAt: day(400), ...bad },
        orders: Array.from({ length: orders }, (_, i) => ({
          shopifyId: String(990_100 + i),
          name: `<i>${i}</i>\u202e${'🧨'.repeat(200)}`,
          customerShopifyId: '990001',
          processedAt: day(i * 8),
          items: [{ shopifyId: '1', title: long('<script>'), vendor: long('שלום '), quantity: 1, unitPrice: i % 2 ? '0.10' : '0.20' }],
          refunds: i === 7 ? [{ shopifyId: '1', createdAt: day(1), amount: '0.07', note: long('<b>') }] : [],
        })),
      },
    );
    assert.deepEqual([ingestCustomers.userErrors, ingestOrders.userErrors], [[], []]);
    await page.getByLabel('Search').fill('<script>alert');
    const name = `${bad.firstName} ${bad.lastName}`;
    const link = page.locator('tbody .row-link').filter({ hasText: '<script>' });
    await link.waitFor();
    assert.equal(await link.textContent(), name);
    await noSidewaysScroll(page, 'customers of a hostile shop');
    await accessible(web, 'customers of a hostile shop');
    await link.press('Enter');
    await page.getByRole('heading', { level: 1 }).filter({ hasText: '<script>' }).waitFor();
    assert.equal(await fact('Phone').textContent(), bad.phone);
    assert.equal(await fact('Email').textContent(), bad.email);
    assert.equal(await page.getByRole('list', { name: 'Tags' }).getByRole('listitem').count(), 3);
    assert.ok((await page.title()).startsWith('<script>'));
  });

  await does('a customer’s page shows the figures of the API, and orders over time that add up', async () => {
    const id = new URL(page.url()).pathname.split('/').at(-1);
    const { customer } = await api(
      `query($id: ID!) { customer(id: $id) { ordersCount totalSpent { amount currencyCode } averageOrderValue { amount currencyCode }
        orders(first: 100) { nodes { netSales { amount currencyCode } } } } }`,
      { id },
    );
    assert.equal(customer.ordersCount, orders);
    assert.equal(await fact('Orders').textContent(), count(orders));
    assert.equal(await fact('Total spent').textContent(), money(customer.totalSpent));
    assert.equal(await fact('Average order value').textContent(), money(customer.averageOrderValue));
    await page.locator('.chart-plot path').first().waitFor();
    await accessible(web, 'customer');
    await page.getByText('Table', { exact: true }).click();
    const table = (name) => page.getByRole('table', { name: new RegExp(`^${name} of this customer`) });
    const numbers = async (name) => (await table(name).locator('tbody td').allTextContents()).map((t) => Number(t.replace(/[^\d.-]/g, '')));
    await table('Orders').waitFor();
    assert.equal((await numbers('Orders')).reduce((a, b) => a + b), orders);
    await page.getByLabel('Figure').selectOption('netSales');
    await table('Net sales').waitFor();
    const cents = (all) => all.reduce((sum, n) => sum + Math.round(n * 100), 0);
    assert.equal(cents(await numbers('Net sales')), cents(customer.orders.nodes.map((o) => Number(o.netSales.amount))));
    await accessible(web, 'customer as a table');
    assert.match(page.url(), /figure=netSales/);
    await page.reload();
    await table('Net sales').waitFor();
  });

  await does('the history goes forward and back by keyboard, and leads to its orders', async () => {
    const id = new URL(page.url()).pathname.split('/').at(-1);
    const history = async (args) => {
      const { orders } = await api(`query($id: ID!) { orders(filter: {customerId: $id}, ${args}) { nodes { id name } pageInfo { endCursor } } }`, { id });
      return orders;
    };
    const nav = page.getByRole('navigation', { name: 'Pages of the history' });
    const first = await history('first: 20');
    await shows(first.nodes.map((o) => o.name));
    await nav.getByRole('button', { name: 'Next' }).focus();
    await page.keyboard.press('Enter');
    const second = await history(`first: 20, after: "${first.pageInfo.endCursor}"`);
    await shows(second.nodes.map((o) => o.name));
    await page.keyboard.press('Enter');
    const third = await history(`first: 20, after: "${second.pageInfo.endCursor}"`);
    await shows(third.nodes.map((o) => o.name));
    assert.equal(third.nodes.length, orders - 40);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await shows(second.nodes.map((o) => o.name));
    await page.locator('tbody .row-link').first().press('Enter');
    await page.waitForURL((at) => at.pathname === '/orders' && at.searchParams.get('order') === second.nodes[0].id);
    await page.goBack();
    await shows(second.nodes.map((o) => o.name));
  });

  await does('a customer fits a narrow screen, and a wrong address leads back', async () => {
    await page.goto(`${page.url().split('?')[0]}?after=elsewhere`);
    await page.getByRole('alert').getByRole('button', { name: 'Try again' }).click();
    await page.locator('tbody .row-link').first().waitFor();
    assert.equal(new URL(page.url()).search, '');
    await page.setViewportSize({ width: 320, height: 640 });
    await noSidewaysScroll(page, 'a customer');
    await accessible(web, 'customer, narrow');
    await page.goto(`${url}/customers?search=%3Cscript`);
    await page.locator('tbody .row-link').first().waitFor();
    await page.getByRole('button', { name: 'More filters' }).click();
    await noSidewaysScroll(page, 'customers');
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(`${url}/customers/nobody`);
    await page.getByRole('heading', { name: 'This customer is not here' }).waitFor();
    await accessible(web, 'no customer');
    await page.getByRole('main').getByRole('link', { name: 'All customers' }).click();
    await page.getByRole('heading', { level: 1, name: 'Customers' }).waitFor();
  });
}
