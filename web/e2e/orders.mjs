// The orders: what is found is what the API finds, whoever opens the address.
import assert from 'node:assert/strict';

const rowParts = `nodes { id name } pageInfo { endCursor startCursor hasNextPage } totalCount`;
const money = (m) => new Intl.NumberFormat('en-US', { style: 'currency', currency: m.currencyCode }).format(m.amount);
const count = (n) => new Intl.NumberFormat('en-US').format(n);

export async function orders({ web, page, url, token, does, ask, accessible, noSidewaysScroll }) {
  const api = async (args) => (await ask(url, `{ orders(${args}) { ${rowParts} } }`, {}, token)).orders;
  const names = (tab) => tab.getByRole('table', { name: 'Orders' }).locator('tbody .row-link').allTextContents();
  /** Waits until the list shows these orders and no others. */
  const shows = async (list, tab = page) => {
    const want = list.nodes.map((o) => o.name);
    await tab
      .waitForFunction((want) => [...document.querySelectorAll('tbody .row-link')].map((e) => e.textContent).join('\n') === want, want.join('\n'))
      .catch(async () => assert.deepEqual(await names(tab), want));
    await tab.getByRole('status').filter({ hasText: `${count(list.totalCount)} order` }).waitFor();
  };
  const nav = page.getByRole('navigation', { name: 'Pages of orders' });

  await does('the pages of orders are those of the API, forward and back', async () => {
    await page.goto(url);
    await page.getByRole('link', { name: 'Orders', exact: true }).click();
    const first = await api('first: 25');
    await shows(first);
    assert.equal(await nav.getByRole('button', { name: 'Previous' }).getAttribute('aria-disabled'), 'true');
    await accessible(web, 'orders');
    await nav.getByRole('button', { name: 'Next' }).click();
    const second = await api(`first: 25, after: "${first.pageInfo.endCursor}"`);
    await shows(second);
    await nav.getByRole('button', { name: 'Next' }).click();
    await shows(await api(`first: 25, after: "${second.pageInfo.endCursor}"`));
    await page.goBack();
    await shows(second);
    await nav.getByRole('button', { name: 'Previous' }).click();
    await shows(first);
    await page.goBack();
    await page.goBack();
    await shows(first);
    assert.equal(new URL(page.url()).search, '');
  });

  await does('the number of orders of the overview leads to them', async () => {
    await page.goto(`${url}/?range=LAST_MONTH`);
    await page.getByRole('link', { name: /orders: show them$/ }).click();
    await shows(await api('first: 25, filter: {range: {preset: LAST_MONTH}}'));
    await page.goto(`${url}/orders`);
  });

  await does('orders are sorted by their columns', async () => {
    const column = page.getByRole('columnheader', { name: 'Total' });
    await column.getByRole('button').click();
    await shows(await api('first: 25, sort: {key: TOTAL, direction: DESC}'));
    assert.equal(await column.getAttribute('aria-sort'), 'descending');
    await column.getByRole('button').press('Enter');
    await shows(await api('first: 25, sort: {key: TOTAL, direction: ASC}'));
    assert.equal(await column.getAttribute('aria-sort'), 'ascending');
    assert.match(page.url(), /sort=total/);
  });

  const filter = 'first: 25, sort: {key: TOTAL}, filter: {financialStatus: [PAID], range: {preset: LAST_90_DAYS}, minTotal: "20"}';
  await does('filters stand in the address, and whoever opens it sees the same orders', async () => {
    await page.getByRole('columnheader', { name: 'Total' }).getByRole('button').click();
    await page.getByLabel('Placed').selectOption('LAST_90_DAYS');
    await page.getByRole('button', { name: 'More filters' }).click();
    await page.getByRole('combobox', { name: 'Payment' }).click();
    await page.getByRole('option', { name: 'Paid', exact: true }).click();
    await page.keyboard.press('Escape');
    await page.getByLabel('Total from, USD').fill('nothing');
    await page.getByLabel('Total from, USD').press('Enter');
    await page.getByText('An amount is like 19.90.').waitFor();
    await page.getByLabel('Total from, USD').fill('20');
    await page.getByLabel('Total from, USD').press('Enter');
    const found = await api(filter);
    assert.ok(found.totalCount > 25, 'there are several pages');
    await shows(found);
    await accessible(web, 'orders with filters');
    const tab = await page.context().newPage();
    await tab.goto(page.url());
    await shows(found, tab);
    await tab.getByRole('navigation', { name: 'Pages of orders' }).getByRole('button', { name: 'Next' }).click();
    await shows(await api(`${filter}, after: "${found.pageInfo.endCursor}"`), tab);
    await tab.close();
    await page.getByRole('button', { name: 'Payment: Paid' }).click();
    await shows(await api(filter.replace('financialStatus: [PAID], ', '')));
    await page.goBack();
    await shows(found);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await shows(await api('first: 25, sort: {key: TOTAL}'));
    await page.getByRole('button', { name: 'Fewer filters' }).click();
  });

  await does('an address that makes no sense shows every order', async () => {
    await page.goto(`${url}/orders?payment=FREE&period=2026-02-30..2026-03-01&min=much&sort=price&country=XX`);
    await shows(await api('first: 25'));
  });

  await does('an order opens at the side with the figures of the API, and has an address', async () => {
    const found = await api('first: 25, filter: {financialStatus: [PARTIALLY_REFUNDED, REFUNDED]}');
    const { order: o } = await ask(
      url,
      `query($id: ID!) { order(id: $id) { name customer { displayName } customerOrderNumber total { shopMoney { amount currencyCode } }
        subtotal { amount currencyCode } shipping { amount currencyCode } refunded { amount currencyCode } netSales { amount currencyCode }
        items { title quantity unitPrice { amount currencyCode } grossSales { amount currencyCode } netSales { amount currencyCode } }
        refunds { amount { amount currencyCode } } } }`,
      { id: found.nodes[0].id },
      token,
    );
    await page.goto(`${url}/orders?payment=["PARTIALLY_REFUNDED","REFUNDED"]`);
    await shows(found);
    await page.getByRole('row', { name: o.name }).getByRole('cell').nth(2).click({ force: true }); // the link covers its row
    const panel = page.getByRole('dialog', { name: o.name });
    await panel.getByRole('region', { name: 'Where the money went' }).waitFor();
    const lines = Object.fromEntries(
      await panel.locator('.sums tr').evaluateAll((all) => all.map((r) => [r.querySelector('th').firstChild.textContent, r.querySelector('td').textContent])),
    );
    assert.equal(lines.Items, money(o.subtotal));
    assert.equal(lines.Shipping, money(o.shipping));
    assert.equal(lines.Total, money(o.total.shopMoney));
    assert.equal(lines.Refunded, money(o.refunded));
    assert.equal(lines['Net sales'], money(o.netSales));
    const items = panel.getByRole('table', { name: 'Items of the order' }).locator('tbody tr');
    assert.equal(await items.count(), o.items.length);
    for (const [i, item] of o.items.entries()) {
      const text = await items.nth(i).textContent();
      for (const part of [item.title, count(item.quantity), money(item.unitPrice), money(item.grossSales), money(item.netSales)]) {
        assert.ok(text.includes(part), `${part} in ${text}`);
      }
    }
    assert.ok((await panel.getByRole('region', { name: 'Refunds' }).textContent()).includes(`Goods ${money(o.refunds[0].amount)}`));
    await accessible(web, 'an order');
    const tab = await page.context().newPage();
    await tab.goto(page.url());
    await tab.getByRole('dialog', { name: o.name }).getByText('Where the money went').waitFor();
    await tab.close();
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    assert.ok(!page.url().includes('order='));
  });

  await does('the orders work by keyboard alone', async () => {
    await page.goto(`${url}/orders`);
    const first = await api('first: 25');
    await shows(first);
    await page.getByLabel('Search').focus();
    await page.keyboard.type(first.nodes[3].name);
    const found = await api(`first: 25, filter: {search: ${JSON.stringify(first.nodes[3].name)}}`);
    await shows(found);
    const link = () => page.evaluate(() => document.activeElement?.classList.contains('row-link') && document.activeElement.textContent);
    for (let i = 0; i < 40 && !(await link()); i++) await page.keyboard.press('Tab');
    const name = await link();
    assert.equal(name, found.nodes[0].name);
    await page.keyboard.press('Enter');
    const panel = page.getByRole('dialog', { name });
    await panel.getByText('Where the money went').waitFor();
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press('Tab');
      assert.ok(await page.evaluate(() => document.activeElement?.closest('[role=dialog]')), 'the focus stays in the panel');
    }
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    await page.waitForFunction((n) => document.activeElement?.textContent === n, name);
    await page.goBack();
    await panel.waitFor();
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
  });

  await does('a new order is there at once on the first page, and is offered on a later one', async () => {
    await page.goto(`${url}/orders`);
    const first = await api('first: 25');
    await shows(first);
    const send = (shopifyId, order) =>
      ask(
        url,
        `mutation($orders: [OrderInput!]!) { ingestOrders(orders: $orders) { created userErrors { message } } }`,
        { orders: [{ shopifyId, processedAt: new Date().toISOString(), items: [{ title: 'Tea', quantity: 1, unitPrice: '9.95' }], ...order }] },
        token,
      );
    await send('4712', { name: '#live-1' });
    await page.getByRole('link', { name: '#live-1' }).waitFor();
    await nav.getByRole('button', { name: 'Next' }).click();
    await page.waitForURL(/after=/);
    await page.getByRole('link', { name: '#live-1' }).waitFor({ state: 'detached' });
    const before = await names(page);
    await page.waitForTimeout(1_000);
    const long = (text) => text.repeat(Math.floor(250 / text.length));
    await send('4713', {
      name: `<script>alert(1)</script>${'ש'.repeat(200)}`,
      channel: long('👩‍👩‍👧 '),
      tags: [long('W'), '<img src=x onerror=alert(2)>', 'שלום'],
      discountCodes: [long('‮CODE')],
      shippingCountry: 'DE',
      shippingRegion: long('Lorem'),
      shippingCity: '<b>Köln</b>',
      items: [
        { shopifyId: '1', title: `<script>alert(3)</script>${'x'.repeat(230)}`, sku: long('S'), vendor: long('مرحبا'), variantTitle: long('🍵'), quantity: 1000000, unitPrice: '99999.99' },
      ],
      refunds: [{ shopifyId: '1', createdAt: new Date().toISOString(), amount: '1.00', note: long('<i>note</i>') }],
    });
    await page.getByText('There are new data.').waitFor();
    assert.deepEqual(await names(page), before);
    await page.getByRole('button', { name: 'Show them' }).click();
    await page.getByText('There are new data.').waitFor({ state: 'detached' });
  });

  await does('a hostile order is text, at every width', async () => {
    await page.goto(`${url}/orders?period=TODAY`);
    const link = page.getByRole('link', { name: '<script>alert(1)</script>' });
    await link.waitFor();
    await noSidewaysScroll(page, 'the orders with a hostile one');
    await accessible(web, 'a hostile list');
    await link.click();
    const panel = page.getByRole('dialog');
    await panel.getByText('Where the money went').waitFor();
    assert.ok(await panel.getByText('<script>alert(3)</script>').isVisible());
    assert.ok(await panel.getByText('<b>Köln</b>').isVisible());
    await accessible(web, 'a hostile order');
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 640 });
      const over = await panel.evaluate((e) => [...e.querySelectorAll('*')].filter((x) => !x.closest('.scroll-x') && x.getBoundingClientRect().right > innerWidth + 1).length);
      assert.equal(over, 0, `parts of the order are too wide at ${width}`);
    }
    await accessible(web, 'a hostile order, narrow');
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'More filters' }).click();
    await page.goto(`${url}/orders?tag=["${'W'.repeat(255)}"]&search=4713`);
    await page.getByRole('button', { name: 'More filters' }).click();
    await page.getByRole('button', { name: 'Clear filters' }).waitFor();
    await noSidewaysScroll(page, 'the orders');
    await accessible(web, 'orders, narrow');
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(url);
    await page.locator('[data-figure=orders]').waitFor();
  });
}
