import assert from 'node:assert/strict';

/** How a session goes on and ends. */
export async function session({ page, context, url, does, figure }) {
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
    await page.getByLabel('Email').fill('grace@example.com');
    await page.getByLabel('Password', { exact: true }).fill('not the passphrase');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('alert').waitFor();
  });
}
