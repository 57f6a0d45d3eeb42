import assert from 'node:assert/strict';

/** The overview of the sample data. */
export async function overview({ web, page, url, token, does, ask, accessible, noSidewaysScroll, figure, money, count }) {
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
    await page.locator('.chart-plot path').first().waitFor();
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
    await page.locator('.chart-plot path').first().waitFor();
  });

  await does('the chart tells its points to the keyboard and to the pointer, as the table does', async () => {
    const chart = page.getByRole('application', { name: /over time/ });
    const rows = await ask(url, `{ salesTrend(range: {preset: LAST_MONTH}, interval: DAY) { points { totalSales { amount currencyCode } } } }`, {}, token);
    const says = (i) => chart.getByText(money(rows.salesTrend.points.at(i).totalSales)).first().waitFor();
    await page.goto(`${url}/?range=LAST_MONTH`);
    await page.locator('.chart-plot path').first().waitFor();
    await chart.focus();
    await page.keyboard.press('End');
    await says(-1);
    await page.keyboard.press('ArrowLeft');
    await says(-2);
    await accessible(web, 'a point of the chart');
    await page.keyboard.press('Escape');
    assert.equal(await chart.getByRole('status').textContent(), '');
    await chart.hover({ position: { x: 66, y: 100 } });
    await says(0);
    if (process.env.SHOT) await page.screenshot({ path: process.env.SHOT, fullPage: true });
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
}
