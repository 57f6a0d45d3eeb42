import assert from 'node:assert/strict';

// What a store may hold, which is text and nothing else. Names may have 255 characters, and each of these is made that long.
const texts = [
  '<script>window.ran = 1</script><img src=x onerror="window.ran = 1"><svg onload="window.ran = 1">',
  `"' onfocus="window.ran = 1" autofocus x="`,
  'javascript:window.ran=1',
  `{{constructor.constructor('window.ran=1')()}} \${window.ran=1} <%= 1 %> %s %n`,
  '\u202eright to left, and left so\u2066\u200f',
  'שלום עולם مرحبا بالعالم',
  '🍵👩‍👩‍👧‍👦🏴‍☠️🇩🇪',
  'Z\u0351\u036b\u0343\u036a\u0302a\u036f\u0324l\u0366\u0353g\u0321\u0348o\u0315\u035a',
  'W'.repeat(255),
  'null', 'undefined', 'NaN', '[object Object]', '__proto__', '-0', '1e999',
];
const long = (text) => (text.length < 20 ? text : text.padEnd(255, ` ${text}`)).slice(0, 255).toWellFormed();
const password = 'a long enough passphrase';
const email = 'mallory@example.com';

/** Signs up by the API, and fills the store with such records: every field of each, and each text in every field. */
async function fill(ask, url) {
  const { signup } = await ask(
    url,
    'mutation($in: SignupInput!) { signup(input: $in) { accessToken userErrors { message } } }',
    { in: { email, password, tenantName: long(texts[0]), currencyCode: 'USD', timezone: 'America/New_York' } },
  );
  const each = (make) => texts.map((text, i) => make(long(text), String(1000 + i), i));
  const at = (i) => new Date(Date.now() - i * 86_400_000).toISOString();
  const money = '9999999999.99';
  const answer = await ask(
    url,
    `mutation($products: [ProductInput!]!, $customers: [CustomerInput!]!, $orders: [OrderInput!]!) {
      ingestProducts(products: $products) { ...A } ingestCustomers(customers: $customers) { ...A } ingestOrders(orders: $orders) { ...A }
    } fragment A on IngestPayload { created userErrors { field message } }`,
    {
      products: each((t, id) => ({
        shopifyId: id, title: t, handle: t, vendor: t, productType: t, tags: [t, `${t.slice(0, 200)}!`], price: money,
        imageUrl: `https://elsewhere.invalid/${encodeURIComponent(t)}"><script>`, inventoryQuantity: -2_000_000_000,
      })),
      customers: each((t, id, i) => ({
        shopifyId: id, firstName: t, lastName: t, email: `${i}@${'e'.repeat(60)}.example`, phone: t, city: t, country: 'US', tags: [t],
      })),
      orders: each((t, id, i) => ({
        shopifyId: id, name: t, customerShopifyId: id, processedAt: at(i), channel: t, shippingRegion: t, shippingCity: t,
        shippingCountry: 'US', discountCodes: [t], tags: [t],
        items: [{ shopifyId: id, title: t, variantTitle: t, sku: t, vendor: t, quantity: 1, unitPrice: money, productShopifyId: id }],
        refunds: [{ shopifyId: id, createdAt: at(i), amount: '1.00', note: t }],
      })),
    },
    signup.accessToken,
  );
  for (const { created, userErrors } of Object.values(answer)) {
    assert.deepEqual({ created, userErrors }, { created: texts.length, userErrors: [] });
  }
}

/** A store that means harm. Its records are text on every page that there is, and on what the first row of each leads to. */
export async function hostile({ context, url, does, ask, accessible, noSidewaysScroll, openPage }) {
  await does('a hostile store is taken as it is', () => fill(ask, url));

  const web = await openPage(await context.browser().newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-US' }), url);
  const { page, faults } = web;
  page.on('dialog', (d) => faults.push(`dialog: ${d.message()}`));
  const settled = () =>
    page.waitForFunction(
      () => document.querySelector('main h1') && !document.querySelector('main [aria-busy=true], main .mantine-Skeleton-root'),
    );
  let seen = 0;

  const look = async (name) => {
    await settled();
    for (const [width, height] of [[1280, 900], [320, 640]]) {
      await page.setViewportSize({ width, height });
      await noSidewaysScroll(page, `${name}, ${width} wide`);
      await accessible(web, `${name}, ${width} wide`, { without: '.graphiql-container' });
    }
    await page.setViewportSize({ width: 1280, height: 900 });
    const { ran, made, shown } = await page.evaluate(() => ({
      ran: window.ran,
      made: document.querySelectorAll('[onerror], [onload], [onfocus], img[src=x], script:not([src]), a[href^="javascript:"]').length,
      shown: document.querySelector('main').textContent.includes('<script>window.ran'),
    }));
    assert.deepEqual({ ran, made }, { ran: undefined, made: 0 }, name);
    if (shown) seen++;
    assert.deepEqual(faults, [], name);
  };

  const links = page.getByRole('navigation', { name: 'Pages' }).getByRole('link');
  await does('its owner logs in', async () => {
    await page.goto(url);
    await page.getByLabel('Email').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await links.first().waitFor();
  });
  const paths = await links.evaluateAll((all) => all.map((a) => a.getAttribute('href')));
  assert.ok(paths.length >= 3);
  for (const path of paths) {
    await does(`its records are text on ${path}`, async () => {
      await page.goto(url + path);
      await look(path);
      const row = page.locator('main tbody tr').first();
      const opens = row.locator('a, button').or(page.locator('main tbody tr[tabindex]').first()).first();
      if (path !== '/playground' && (await opens.count())) {
        await opens.click();
        await page.waitForTimeout(500);
        await look(`the first row of ${path}`);
      }
    });
  }
  assert.ok(seen > 0, 'no page shows the records');
  await page.context().close();
}
