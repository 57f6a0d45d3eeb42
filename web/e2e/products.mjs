// The products: what is found is what the API finds, and what was sold of it is one step away.
import assert from 'node:assert/strict';

// Every field is as long as it may be, and has something in it that is no plain text.
const bad = {
  title: `<script>alert("product")</script>‮שלום 🍵${'W'.repeat(210)}`,
  vendor: `"><img src=x onerror=alert(1)>${'V'.repeat(220)}`,
  productType: `طويل ${'ط'.repeat(240)}`,
  tags: ['<b>'],
};

export async function products({ web, page, url, token, does, ask, accessible, noSidewaysScroll, money, count }) {
  const api = (query, variables) => ask(url, query, variables, token);
  const parts = 'nodes { id title status inventoryQuantity price { amount currencyCode } } pageInfo { endCursor } totalCount';
  const list = async (args) => (await api(`{ products(${args}) { ${parts} } }`)).products;
  const titles = '[aria-label=Products] tbody th p:first-child';
  /** Waits until the list shows these products and no others. */
  const shows = async (found, tab = page) => {
    const want = found.nodes.map((p) => p.title);
    await tab
      .waitForFunction(([at, want]) => [...document.querySelectorAll(at)].map((e) => e.textContent).join('\n') === want, [titles, want.join('\n')])
      .catch(async () => assert.deepEqual(await tab.locator(titles).allTextContents(), want));
    await tab.getByRole('status').filter({ hasText: `${count(found.totalCount)} product` }).waitFor();
  };

  await does('the pages of products are those of the API, forward and back', async () => {
    await page.goto(url);
    await page.getByRole('link', { name: 'Products', exact: true }).click();
    const first = await list('first: 25');
    await shows(first);
    const cells = (n) => page.locator(`tbody tr td:nth-of-type(${n})`).allTextContents();
    assert.deepEqual(await cells(5), first.nodes.map((p) => (p.inventoryQuantity === null ? '–' : count(p.inventoryQuantity))));
    assert.deepEqual(await cells(6), first.nodes.map((p) => (p.price ? money(p.price) : '–')));
    await accessible(web, 'products');
    const nav = page.getByRole('navigation', { name: 'Pages of products' });
    await nav.getByRole('button', { name: 'Next' }).focus();
    await page.keyboard.press('Enter');
    const second = await list(`first: 25, after: "${first.pageInfo.endCursor}"`);
    await shows(second);
    await nav.getByRole('button', { name: 'Previous' }).press('Enter');
    await shows(first);
    await page.goBack();
    await shows(second);
  });

  await does('products are filtered and sorted in the address, and lead to what was sold', async () => {
    await page.getByRole('link', { name: 'Products', exact: true }).click();
    await page.getByRole('columnheader', { name: 'In stock' }).getByRole('button').press('Enter');
    await page.getByRole('button', { name: 'More filters' }).press('Enter');
    await page.getByRole('combobox', { name: 'Status' }).click();
    await page.getByRole('option', { name: 'For sale' }).click();
    await page.keyboard.press('Escape');
    await page.getByLabel('In stock, up to').fill('100');
    await page.getByLabel('In stock, up to').press('Enter');
    const found = await list('first: 25, sort: {key: INVENTORY}, filter: {status: [ACTIVE], maxInventory: 100}');
    assert.ok(found.totalCount > 0);
    await shows(found);
    await accessible(web, 'products with filters');
    const tab = await page.context().newPage();
    await tab.goto(page.url());
    await shows(found, tab);
    await tab.close();
    const { id, title } = found.nodes[0];
    await page.getByRole('link', { name: `Customers who bought ${title}` }).click();
    await page.getByRole('button').filter({ hasText: `Bought: ${title}` }).waitFor();
    const { customers } = await api('query($id: ID!) { customers(filter: {boughtProductId: $id}) { totalCount } }', { id });
    await page.getByRole('status').filter({ hasText: `${count(customers.totalCount)} customer` }).waitFor();
    await page.goBack();
    await page.getByRole('link', { name: `Orders with ${title}` }).press('Enter');
    const { orders } = await api('query($id: ID!) { orders(filter: {productId: $id}) { totalCount } }', { id });
    await page.getByRole('status').filter({ hasText: `${count(orders.totalCount)} order` }).waitFor();
    await page.goBack();
    await shows(found);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await shows(await list('first: 25, sort: {key: INVENTORY}'));
  });

  await does('a product of a hostile shop renders as text, on a narrow screen too', async () => {
    const { ingestProducts } = await api(
      `mutation($p: ProductInput!) { ingestProducts(products: [$p]) { userErrors { field message } } }`,
      { p: { shopifyId: '990002', price: '9999999999.99', inventoryQuantity: -2_000_000_000, status: 'ARCHIVED', ...bad } },
    );
    assert.deepEqual(ingestProducts.userErrors, []);
    await page.getByLabel('Search').fill('<script>alert');
    await shows(await list('first: 25, filter: {search: "<script>alert"}'));
    assert.equal(await page.locator(titles).textContent(), bad.title);
    await noSidewaysScroll(page, 'products of a hostile shop');
    await page.setViewportSize({ width: 320, height: 640 });
    await noSidewaysScroll(page, 'products');
    await accessible(web, 'products, narrow');
    await page.setViewportSize({ width: 1280, height: 900 });
  });
}
