import assert from 'node:assert/strict';

/** The page of settings, with what the service refuses and what it changes. Somebody is signed in who may do all of it. */
export async function settings(t) {
  const { page, web, url, service } = t;
  const company = page.getByRole('region', { name: 'Company' });
  const calendar = page.getByRole('region', { name: 'Currency and calendar' });
  const save = (part) => part.getByRole('button', { name: 'Save' }).click();
  const tenant = async () => (await t.ask(url, `{ tenant { name logoUrl timezone weekStartsOn currencyCode } }`, {}, t.token)).tenant;
  let before;

  await t.does('settings show what the service knows', async () => {
    before = await tenant();
    await page.goto(`${url}/settings`);
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    await company.waitFor();
    assert.equal(await company.getByLabel('Name').inputValue(), before.name);
    assert.equal(await calendar.getByLabel('Timezone').inputValue(), before.timezone);
    const { viewer } = await t.ask(url, `{ viewer { user { email } } }`, {}, t.token);
    await page.getByRole('region', { name: 'You' }).getByText(viewer.user.email).first().waitFor();
    await page.getByRole('region', { name: 'People' }).getByRole('rowheader').filter({ hasText: viewer.user.email }).waitFor();
    await t.accessible(web, 'settings');
  });

  await t.does('what the service refuses of settings stands at its field', async () => {
    await company.getByLabel('Name').fill('n'.repeat(300));
    await save(company);
    await company.locator('input[name=name][aria-invalid=true]').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('name')), 'name');
    await t.accessible(web, 'settings with a refusal');
  });

  await t.does('a name and a logo are saved, and are everywhere at once', async () => {
    await company.getByLabel('Name').fill(`Pots & <b>Pans</b> ${'é'.repeat(200)}`);
    await company.getByLabel('Address of the logo').fill(`https://${service.domain}/cdn/shop/files/logo.png`);
    await save(company);
    await company.getByText('Saved.').waitFor();
    await page.getByRole('banner').getByText('Pots & <b>Pans</b>').waitFor();
    await company.locator('.picture img').waitFor();
    await page.getByRole('banner').locator('.picture img').waitFor();
    assert.ok((await page.title()).includes('Pots & <b>Pans</b>'));
    assert.ok((await company.locator('.picture img').getAttribute('src')).startsWith('blob:'));
    await t.accessible(web, 'settings with a logo');
    await page.setViewportSize({ width: 320, height: 640 });
    await t.noSidewaysScroll(page, 'the settings');
    await page.setViewportSize({ width: 1280, height: 900 });
    await company.getByLabel('Name').fill(before.name);
    await company.getByLabel('Name').press('Enter');
    await page.waitForFunction((name) => document.title.includes(name), before.name);
  });

  await t.does('another timezone and first day of the week are saved', async () => {
    await calendar.getByLabel('Timezone').selectOption('Asia/Tokyo');
    await calendar.getByLabel('First day of the week').selectOption('SUNDAY');
    await save(calendar);
    await calendar.getByText('Saved.').waitFor();
    const after = await tenant();
    assert.equal(after.weekStartsOn, 'SUNDAY');
    await calendar.getByLabel('Timezone').selectOption(before.timezone);
    await calendar.getByLabel('First day of the week').selectOption(before.weekStartsOn);
    await save(calendar);
    const saved = async () => JSON.stringify(await tenant());
    const want = JSON.stringify({ ...(await tenant()), timezone: before.timezone, weekStartsOn: before.weekStartsOn });
    for (let n = 0; n < 100 && (await saved()) !== want; n++) await page.waitForTimeout(100);
    assert.equal(await saved(), want);
  });
}
