import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

/** What the law lets customers ask for. Somebody is signed in who may see to it, and there are sample data. */
export async function privacy(t) {
  const { page, web, url } = t;
  const personal = page.getByRole('region', { name: 'Personal data', exact: true });
  const requests = page.getByRole('region', { name: 'Requests' });
  const access = page.locator('section[aria-labelledby=access]');
  const dialog = page.getByRole('dialog');
  const look = async (name) => {
    await t.accessible(web, name);
    await page.setViewportSize({ width: 320, height: 640 });
    await t.noSidewaysScroll(page, name);
    await page.setViewportSize({ width: 1280, height: 900 });
  };
  const save = async (button) => {
    const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
    return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
  };
  const totals = async () => {
    const { overview } = await t.ask(url, `{ overview { orders { value } customers { value } netSales { value { amount } } } }`, {}, t.token);
    return JSON.stringify(overview);
  };
  const all = `{ customers(first: 20, sort: {key: TOTAL_SPENT, direction: DESC}) { nodes { id shopifyId displayName lastName email } } }`;
  const { customers } = await t.ask(url, all, {}, t.token);
  const who = customers.nodes.find((c) => c.email && c.lastName);
  const number = who.shopifyId.split('/').at(-1);
  const request = (what) => requests.getByRole('listitem').filter({ hasText: what }).filter({ hasText: number });

  await t.does('what is held about a customer is exported', async () => {
    await page.goto(`${url}/settings/privacy`);
    await requests.getByText('Nobody has asked for anything yet').waitFor();
    await look('privacy without requests');
    await page.goto(`${url}/customers/${who.id}`);
    await personal.getByRole('button', { name: 'Prepare their data' }).click();
    const { name, text } = await save(personal.getByRole('button', { name: 'Export as JSON' }));
    assert.equal(name, `customer-${number}.json`);
    assert.ok(JSON.stringify(JSON.parse(text)).includes(who.email));
    await look('a customer with prepared data');
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
    assert.ok(!kept.includes(who.email) && !kept.includes(number), kept);
  });

  await t.does('it is marked as handed over, and who has seen it is known', async () => {
    await page.goto(`${url}/settings`);
    await page.getByRole('link', { name: 'See their requests' }).click();
    const asked = request('Give a customer their data');
    await asked.getByText('To be handed over').waitFor();
    assert.equal((await save(asked.getByRole('button', { name: 'Export as JSON' }))).name, `customer-${number}.json`);
    // Records of access are written a moment after the answer.
    const recorded = access.getByRole('row').filter({ hasText: 'everything, for an export' }).filter({ hasText: 'ada@example.com' });
    for (let n = 0; n < 50 && (await recorded.count()) === 0; n++) {
      await page.waitForTimeout(200);
      await page.reload();
      await access.waitFor();
    }
    await recorded.first().waitFor();
    await look('privacy');
    await asked.getByRole('button', { name: 'Handed over' }).press('Enter');
    await page.getByRole('status').filter({ hasText: 'marked as handed over' }).waitFor();
    await asked.getByText('Done', { exact: true }).waitFor();
    assert.ok(await page.evaluate(() => document.activeElement?.getAttribute('role') === 'status'));
  });

  await t.does('a customer is forgotten once the number is typed, and no figure changes', async () => {
    const before = await totals();
    await page.goto(`${url}/customers/${who.id}`);
    await page.getByRole('heading', { name: who.displayName }).waitFor();
    const open = personal.getByRole('button', { name: 'Redact…' });
    await open.press('Enter');
    await look('the dialog that redacts');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    assert.ok(await open.evaluate((e) => e === document.activeElement));
    await open.click();
    await dialog.getByRole('textbox').fill('1');
    await dialog.getByRole('textbox').press('Enter');
    await dialog.locator('input[name=confirm][aria-invalid=true]').waitFor();
    await dialog.getByRole('textbox').fill(number);
    await dialog.getByRole('textbox').press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('heading', { level: 1, name: `Customer ${number}` }).waitFor();
    assert.equal(await page.getByText(who.email).count(), 0);
    assert.equal(await totals(), before);
  });

  await t.does('what was done is told, and the address keeps what is shown', async () => {
    await page.goto(`${url}/settings/privacy`);
    const done = request('Forget a customer');
    await done.getByText('Done', { exact: true }).waitFor();
    assert.ok(!(await requests.textContent()).includes(who.email));
    await page.getByLabel('Show', { exact: true }).selectOption('open');
    await requests.getByText('Nothing is left to do.').waitFor();
    await page.reload();
    await requests.getByText('Nothing is left to do.').waitFor();
    assert.equal(await page.getByLabel('Show', { exact: true }).inputValue(), 'open');
    await page.goBack();
    await done.waitFor();
  });
}
