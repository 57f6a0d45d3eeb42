import assert from 'node:assert/strict';
import { openBrowser, startElsewhere } from './harness.mjs';

/** A dashboard that is served from another origin than the API. It has a service and a browser of its own. */
export async function elsewhere({ service, does, ask, signUp, figure }) {
  const { url, service: api } = await startElsewhere(service.shopUrl);
  const web = await openBrowser(url, { more: [api] });
  const { page, context, faults } = web;

  await does('from another origin one signs up, and sees data and pictures', async () => {
    await page.goto(`${url}/signup?next=/settings`);
    await signUp(page, 'ada@example.com');
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    const company = page.getByRole('region', { name: 'Company' });
    await company.getByLabel('Address of the logo').fill(`https://${service.domain}/cdn/shop/files/logo.png`);
    await company.getByRole('button', { name: 'Save' }).click();
    await company.locator('.picture img').waitFor();
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('button', { name: 'Load sample data' }).click();
    await figure(page, 'totalSales').waitFor();
  });

  await does('from another origin a session outlives a reload, changes come by themselves, and logging out ends it', async () => {
    await page.goto(`${url}/?range=TODAY`);
    await figure(page, 'orders').waitFor();
    assert.deepEqual(
      (await context.cookies(api)).map(({ name, httpOnly, sameSite }) => ({ name, httpOnly, sameSite })),
      [{ name: `shopsight-${new URL(api).port}`, httpOnly: true, sameSite: 'Strict' }],
    );
    const { login } = await ask(api, `mutation { login(input: {email: "ada@example.com", password: "a long enough passphrase"}) { accessToken } }`);
    const before = Number(await figure(page, 'orders').textContent());
    await ask(
      api,
      `mutation($at: DateTime!) { ingestOrders(orders: [{shopifyId: "4713", processedAt: $at, items: [{title: "Tea", quantity: 1, unitPrice: "9.95"}]}]) { created } }`,
      { at: new Date().toISOString() },
      login.accessToken,
    );
    await page.waitForFunction((n) => document.querySelector('[data-figure=orders]')?.textContent === n, String(before + 1));
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    assert.deepEqual(await context.cookies(api), []);
    assert.deepEqual(faults, []);
  });
  await web.browser.close();
}
