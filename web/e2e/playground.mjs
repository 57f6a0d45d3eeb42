import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';

/** The playground: GraphiQL, with the session's credential. */
export async function playground({ web, page, context, url, token, does, ask, accessible, noSidewaysScroll }) {
  const run = page.getByRole('button', { name: /^Execute query/ });
  const editor = (name) => page.locator(`.graphiql-${name}, .${name}`).locator('.CodeMirror').first();
  const text = (name) => editor(name).evaluate((e) => e.CodeMirror.getValue());
  const tab = (name) => page.getByRole('tab').getByRole('button', { name, exact: true });
  /** The answer, once it holds the name of a field. */
  const answer = async (field) => {
    await page.waitForFunction(
      (f) => document.querySelector('.result-window .CodeMirror')?.CodeMirror.getValue().includes(`"${f}"`), field,
    );
    return JSON.parse(await text('result-window'));
  };

  await does('the playground answers an example, and says what it cost', async () => {
    await page.goto(`${url}/playground`);
    await editor('result-window').waitFor();
    await run.click();
    const { data, extensions } = await answer('totalRevenue');
    const { overview } = await ask(url, '{ overview(range: {preset: LAST_30_DAYS}) { netSales { value { amount } } } }', {}, token);
    assert.equal(data.overview.netSales.value.amount, overview.netSales.value.amount);
    await page.getByRole('status').filter({ hasText: `The last query cost ${extensions.cost.requested} of at most 5,000,000` }).waitFor();
  });

  await does('every example has an answer without errors', async () => {
    for (const [name, field] of Object.entries({
      Trend: 'salesTrend', TopCustomers: 'topCustomers', OrdersByDate: 'orders', CustomerHistory: 'customers', Products: 'products',
      Ingest: 'ingestOrders', Sync: 'syncStore',
    })) {
      await tab(name).click();
      await editor('editor').click(); // Ctrl-Enter is the editor's
      await page.keyboard.press('Control+Enter');
      const { data, errors } = await answer(field);
      assert.equal(errors, undefined, name);
      assert.deepEqual(Object.keys(data), [field]);
    }
  });

  await does('a subscription goes on until it is stopped', async () => {
    await tab('Changes').click();
    await run.click();
    await page.getByRole('button', { name: /^Stop query/ }).waitFor();
    await page.waitForTimeout(500);
    await ask(url, 'mutation { ingestProducts(products: [{shopifyId: "4712", title: "Teapot"}]) { created } }', {}, token);
    const { data } = await answer('dataChanged');
    assert.equal(data.dataChanged.kind, 'PRODUCTS');
    await page.getByRole('button', { name: /^Stop query/ }).click();
    await run.waitFor();
  });

  await does('the documentation knows the schema', async () => {
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.getByRole('link', { name: 'Query', exact: true }).click();
    await page.getByRole('link', { name: 'salesTrend', exact: true }).click();
    await page.getByText('Sales over time, at most 1,000 points').waitFor();
    await page.getByRole('button', { name: 'Hide Documentation Explorer' }).click();
  });

  await does('a query becomes a command, which has the same answer', async () => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await tab('TopCustomers').click();
    await run.click();
    const { data } = await answer('topCustomers');
    await page.getByRole('button', { name: 'Copy as curl' }).click();
    const dialog = page.getByRole('dialog', { name: 'Copy as curl' });
    await accessible(web, 'copy as curl', { without: '.graphiql-container' });
    const shown = await dialog.getByRole('region', { name: 'Command' }).textContent();
    const copied = async (button) => {
      await dialog.getByRole('button', { name: button, exact: true }).click();
      await dialog.getByText('Copied.').waitFor();
      return page.evaluate(() => navigator.clipboard.readText());
    };
    const execute = (command, env) => JSON.parse(execFileSync('sh', ['-c', command], { env: { PATH: process.env.PATH, ...env } }));
    const command = await copied('Copy');
    assert.equal(command, shown);
    assert.match(command, /\$TOKEN/);
    const whole = await copied('Copy with the token of this session');
    assert.doesNotMatch(whole, /\$TOKEN/);
    assert.deepEqual(execute(command, { TOKEN: token }).data, data);
    assert.deepEqual(execute(whole, {}).data, data);
    assert.ok(!(await page.content()).includes(whole.match(/Bearer ([\w.-]+)/)[1]), 'the token is in the page');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  await does('the keyboard leaves the editors', async () => {
    await editor('editor').click();
    const before = await text('editor');
    for (let i = 0; i < 20; i++) await page.keyboard.press('Tab');
    assert.equal(await text('editor'), before);
    assert.equal(await page.evaluate(() => document.activeElement?.closest('.graphiql-editors') === null), true);
  });

  await does('what is typed is there after a look at another page, and nowhere else', async () => {
    await editor('editor').evaluate((e) => e.CodeMirror.setValue('query Mine { viewer { role } }'));
    await tab('Mine').waitFor();
    await page.waitForTimeout(600); // GraphiQL waits before it keeps it
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.getByRole('link', { name: 'Playground' }).click();
    await tab('Mine').waitFor();
    assert.equal(await page.getByRole('tab').count(), 9);
    const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
    assert.doesNotMatch(stored, /Bearer|eyJ|viewer/);
  });

  await does('the playground fits a narrow screen, in both themes', async () => {
    await accessible(web, 'playground', { without: '.graphiql-container' });
    await page.setViewportSize({ width: 320, height: 640 });
    await noSidewaysScroll(page, 'the playground');
    await page.setViewportSize({ width: 1280, height: 900 });
  });
}
