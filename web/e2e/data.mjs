import assert from 'node:assert/strict';

const who = { email: 'grace@example.com', password: 'a long enough passphrase' };

/**
 * The store of grace@example.com and its records: a new token, leaving it, coming back, and clearing what is here. It begins
 * with nobody signed in, and leaves nothing behind.
 */
export async function data(t) {
  const { page, web, url, service } = t;
  const dialog = page.getByRole('dialog');
  const said = (text) => page.getByRole('status').filter({ hasText: text }).waitFor();
  const { login } = await t.ask(url, `mutation($in: LoginInput!) { login(input: $in) { accessToken } }`, { in: who });
  const token = login.accessToken;
  const held = async () => (await t.ask(url, `{ tenant { slug dataSummary { orders } store { status } } }`, {}, token)).tenant;
  const connect = async (place) => {
    await place.getByLabel('Access token').fill(service.token);
    await place.getByRole('button', { name: 'Connect the store' }).click();
  };
  const synced = async () => {
    for (let n = 0; n < 300; n++) {
      const { syncRuns } = await t.ask(url, `{ syncRuns(first: 1) { nodes { status } } }`, {}, token);
      if (syncRuns.nodes[0].status === 'SUCCEEDED') return;
      await page.waitForTimeout(200);
    }
    assert.fail('the sync did not end');
  };

  await t.does('a token is replaced in a dialog that the keyboard opens and closes', async () => {
    await page.goto(`${url}/login?next=/sync`);
    await page.getByLabel('Email').fill(who.email);
    await page.getByLabel('Password', { exact: true }).fill(who.password);
    await page.getByRole('button', { name: 'Log in' }).click();
    const open = page.getByRole('button', { name: 'Replace the token' });
    await open.focus();
    await page.keyboard.press('Enter');
    await dialog.getByRole('heading', { name: 'Replace the token' }).waitFor();
    await t.accessible(web, 'replace the token');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    assert.ok(await open.evaluate((e) => e === document.activeElement));
    await open.click();
    await connect(dialog);
    await said('The token is replaced');
    await synced();
  });

  await t.does('the schedule is changed', async () => {
    await page.getByLabel('Sync by itself').selectOption('60');
    await said('every hour');
    await page.getByText(/, next .*\d/).waitFor();
    await page.getByLabel('Sync by itself').selectOption('0');
    await said('never');
  });

  await t.does('leaving the store keeps its records, unless one says otherwise', async () => {
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await t.accessible(web, 'disconnect');
    await dialog.getByRole('button', { name: 'Disconnect' }).click();
    await said('Its records are still here');
    await page.getByRole('heading', { name: /^Connect .* again$/ }).waitFor();
    await t.accessible(web, 'sync without its store');
    assert.deepEqual([(await held()).store.status, (await held()).dataSummary.orders > 0], ['DISCONNECTED', true]);
    await connect(page);
    await page.getByRole('button', { name: 'Disconnect' }).waitFor();
    await synced();
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await dialog.getByLabel('What was imported from it').selectOption('go');
    await dialog.getByRole('button', { name: 'Disconnect' }).click();
    await said('its records are deleted');
    assert.equal((await held()).dataSummary.orders, 0);
  });

  await t.does('data are counted before they go, and the name is typed', async () => {
    await page.getByRole('button', { name: 'Load sample data' }).click();
    await said('Sample data are loaded');
    await t.ask(
      url,
      `mutation { ingestOrders(orders: [{shopifyId: "4712", processedAt: "2026-01-02T03:04:05Z", items: [{title: "Tea", quantity: 1, unitPrice: "9.95"}]}]) { created } }`,
      {},
      token,
    );
    const { slug } = await held();
    await page.getByRole('button', { name: 'Clear data' }).click();
    await dialog.getByLabel('What is to go').waitFor();
    await t.accessible(web, 'clear data');
    await page.setViewportSize({ width: 320, height: 640 });
    await t.noSidewaysScroll(page, 'clearing data');
    await page.setViewportSize({ width: 1280, height: 900 });
    await dialog.getByText('1,200 orders').waitFor();
    await dialog.getByLabel('What is to go').selectOption('all');
    await dialog.getByText('1,201 orders').waitFor();
    await dialog.getByLabel('What is to go').selectOption('sample');
    await dialog.getByLabel(/to confirm/).fill('another name');
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await dialog.locator('input[name=confirmSlug][aria-invalid=true]').waitFor();
    assert.equal((await held()).dataSummary.orders, 1201);
    await dialog.getByLabel(/to confirm/).fill(slug);
    await dialog.getByLabel(/to confirm/).press('Enter');
    await said('Deleted: 1,200 orders');
    assert.equal((await held()).dataSummary.orders, 1);
    await page.getByRole('button', { name: 'Clear data' }).click();
    await dialog.getByText('1 order with 1 line').waitFor();
    await dialog.getByLabel(/to confirm/).fill(slug);
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await said('Deleted: 1 order with 1 line.');
    await page.getByRole('heading', { name: 'Look around first' }).waitFor();
    await t.accessible(web, 'sync without data');
  });
}
