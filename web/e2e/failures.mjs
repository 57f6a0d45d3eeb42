import assert from 'node:assert/strict';

const who = { email: 'hedy@example.com', password: 'a long enough passphrase' };
const refused = 25;
const hostile = `<script>window.ran = 1</script><img src=x onerror="window.ran = 1"> \u202e{{1}} שלום 🍵 ${'W'.repeat(200)}`;

/** A store that makes the service wait, refuses it, and has records that nobody can take over. It has a service of its own. */
export async function failures({ context, startService, does, ask, accessible, noSidewaysScroll, openPage }) {
  const { url, domain, token, between } = await startService({ orders: 300, data: 'failures', spoilt: true });
  const web = await openPage(await context.browser().newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-US' }), url);
  const { page, faults } = web;
  const dead = page.getByRole('region', { name: 'Failed for good' });
  const left = page.getByRole('region', { name: 'Records that could not be taken over' });
  const current = page.locator('section[aria-labelledby=current]');
  const retry = dead.getByRole('button', { name: 'Retry' });
  const said = (text) => page.getByRole('status').filter({ hasText: text }).waitFor();
  const focused = (locator) => locator.evaluate((e) => e === document.activeElement);
  const look = async (name) => {
    for (const [width, height] of [[1280, 900], [320, 640]]) {
      await page.setViewportSize({ width, height });
      await noSidewaysScroll(page, `${name}, ${width} wide`);
      await accessible(web, `${name}, ${width} wide`);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  };
  /** Holds what asks for an operation back until the function that it returns is called. */
  const hold = (operation) => {
    let release;
    const held = new Promise((resolve) => (release = resolve));
    between.spoil = async (o) => (o === operation ? held : undefined);
    return release;
  };

  // Some products cost more than anything does.
  const dear = new Set();
  between.change = (operation, text) => {
    if (!['productsPage', 'productsByID'].includes(operation)) return text;
    const answer = JSON.parse(text);
    for (const p of answer.data?.products?.nodes ?? answer.data?.nodes ?? []) {
      if (dear.size < refused) dear.add(p.id);
      if (dear.has(p.id)) p.priceRangeV2.minVariantPrice.amount = `1${'0'.repeat(30)}.00`;
    }
    return JSON.stringify(answer);
  };

  await does('a sync says that it waits for the first records, and no time without a pace', async () => {
    await ask(
      url,
      'mutation($in: SignupInput!) { signup(input: $in) { accessToken userErrors { message } } }',
      { in: { ...who, tenantName: 'Hedy', currencyCode: 'USD', timezone: 'UTC' } },
    );
    await page.goto(`${url}/login?next=/sync`);
    await page.getByLabel('Email').fill(who.email);
    await page.getByLabel('Password', { exact: true }).fill(who.password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByLabel('Access token').waitFor();
    assert.equal(await dead.or(left).count(), 0);
    const release = hold('productsPage');
    await page.getByLabel('Address of the store').fill(domain);
    await page.getByLabel('Access token').fill(token);
    await page.getByRole('button', { name: 'Connect the store' }).click();
    await current.getByText(/^0 of [\d,]+ · waiting for the first records$/).waitFor();
    assert.doesNotMatch(await current.textContent(), /left/);
    await accessible(web, 'a sync that waits for the first records');
    let asked = 0;
    between.spoil = async (operation) => {
      if (operation === 'customersPage' && asked++ === 0) return { status: 429, headers: { 'Retry-After': '12' } };
      // Nothing but a person can help.
      return operation === 'ordersPage' ? { status: 402 } : undefined;
    };
    release();
  });

  await does('a sync that Shopify makes wait says until when', async () => {
    await page.getByRole('heading', { name: 'A sync waits for Shopify' }).waitFor();
    await current.getByText(/^Shopify asks us to wait until \d+:\d\d:\d\d.*; it goes on by itself then\.$/).waitFor();
    await look('a sync that Shopify makes wait');
  });

  await does('what has failed for good is shown until somebody has seen to it', async () => {
    await dead.waitFor({ timeout: 60_000 });
    await current.waitFor({ state: 'detached' });
    for (const text of ['Orders', /^first import .*, given up .* after 2 attempts$/, 'Shopify has frozen or locked']) await dead.getByText(text).waitFor();
    await page.getByRole('row', { name: /For good, and not made up for/ }).waitFor();
    await look('what has failed for good');
    await page.reload();
    await retry.waitFor();
  });

  await does('records that were refused are listed, page after page', async () => {
    await left.getByText(`20 of ${refused}`).waitFor();
    await left.getByRole('row', { name: /Product.*price/ }).first().waitFor();
    const more = left.getByRole('button', { name: 'Show more' });
    await more.focus();
    await page.keyboard.press('Enter');
    const count = left.getByText(`${refused} records`);
    await count.waitFor();
    await more.waitFor({ state: 'detached' });
    assert.ok(await focused(count));
    const numbers = await left.locator('tbody th').allTextContents();
    assert.deepEqual(numbers.toSorted(), [...dear].map((id) => id.split('/').at(-1)).toSorted());
    assert.equal(await left.getByRole('link').count(), 0);
    await look('records that were refused');
  });

  await does('what a store says is text', async () => {
    await page.route('**/graphql', async (route) => {
      if (!route.request().postData()?.includes('query Sync')) return route.continue();
      const response = await route.fetch();
      const body = await response.json();
      for (const run of [...body.data.deadLetters.nodes, ...body.data.syncRuns.nodes]) run.error.message = hostile;
      for (const r of body.data.tenant.store.refusedRecords.nodes) r.reason = hostile;
      body.data.deadLetters.totalCount = 7;
      await route.fulfill({ response, json: body });
    });
    await page.reload();
    await dead.getByText(hostile).waitFor();
    await dead.getByText(/^And 6 older ones\./).waitFor();
    await left.getByText(hostile).first().waitFor();
    await look('a store that means harm');
    assert.equal(await page.evaluate(() => window.ran), undefined);
    await page.unroute('**/graphql');
    await page.reload();
  });

  await does('a dead letter is retried by the keyboard, unless another sync runs', async () => {
    await page.route('**/graphql', (route) =>
      route.request().postData()?.includes('mutation RetrySync')
        ? route.fulfill({ json: { data: { result: { __typename: 'SyncPayload', userErrors: [{ __typename: 'UserError', code: 'ALREADY_RUNNING', message: 'a sync is running; this is it' }] } } } })
        : route.continue(),
    );
    await retry.focus();
    await page.keyboard.press('Enter');
    await dead.getByRole('alert').filter({ hasText: 'Another sync has begun meanwhile' }).waitFor();
    assert.ok(await focused(retry));
    await page.unroute('**/graphql');
    const release = hold('ordersPage');
    await page.keyboard.press('Enter');
    await said('The sync is taken up again.');
    await page.getByRole('heading', { name: 'A sync is running' }).waitFor();
    await dead.waitFor({ state: 'detached' });
    await page.waitForFunction(() => document.activeElement?.textContent === 'The sync is taken up again.');
    between.spoil = async () => undefined;
    release();
    await current.waitFor({ state: 'detached' });
    await page.getByText('✓ 300 of 300 orders').waitFor();
    assert.equal(await dead.count(), 0);
  });

  await does('where the store refuses the token it is connected again first', async () => {
    between.spoil = async () => ({ status: 401 });
    await page.getByRole('button', { name: 'Sync now' }).click();
    await dead.getByText(/The store refuses our token: connect it again first/).waitFor();
    assert.equal(await retry.count(), 0);
    await look('a store that refuses the token');
    between.spoil = async () => undefined;
    between.change = (_operation, text) => text;
    await page.getByLabel('Access token').fill(token);
    await page.getByRole('button', { name: 'Connect the store' }).click();
    await dead.waitFor({ state: 'detached' });
    await current.waitFor({ state: 'detached' });
  });

  assert.deepEqual(faults, []);
  await page.context().close();
}
