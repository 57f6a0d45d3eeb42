import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';

/** A store that is connected by a click in its own admin, and tells of its changes. It has a service of its own. */
export async function connect({ context, startService, does, accessible, noSidewaysScroll, openPage, signUp, figure }) {
  const { url, domain, shopUrl, between, secret } = await startService({ orders: 120, data: 'connect', spoilt: true, own: true });
  const web = await openPage(await context.browser().newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-US' }), url, [shopUrl]);
  const { page, faults } = web;
  const webhooks = page.getByRole('region', { name: 'Changes as they happen' });
  const alert = page.getByRole('alert');
  const look = async (name) => {
    await accessible(web, name);
    await page.setViewportSize({ width: 320, height: 640 });
    await noSidewaysScroll(page, name);
    await page.setViewportSize({ width: 1280, height: 900 });
  };
  const address = page.getByLabel('Address of the store');
  const go = page.getByRole('button', { name: 'Connect with Shopify' });
  /** Where Shopify sends a merchant who opens the app from its side. */
  const launched = (shop) => {
    const query = `shop=${shop}&timestamp=${Math.floor(Date.now() / 1000)}`;
    return `${url}/auth/shopify?${query}&hmac=${createHmac('sha256', secret).update(query).digest('hex')}`;
  };

  await does('from the App Store one is led to connecting that very store, after signing up', async () => {
    await page.goto(launched(domain));
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    await page.getByRole('link', { name: 'Sign up' }).click();
    await signUp(page, 'rosalind@example.com');
    await page.getByRole('heading', { name: `Connect ${domain}` }).waitFor();
    await page.waitForURL(`${url}/settings`);
    assert.equal(await address.inputValue(), domain);
    await look('connecting from the App Store');
  });

  await does('a token of a custom app will do as well, and its form comes and goes by keyboard', async () => {
    await page.getByRole('button', { name: 'Use the token of a custom app instead' }).press('Enter');
    await page.getByLabel('API secret key').waitFor();
    assert.equal(await address.inputValue(), domain);
    await look('connecting by a token');
    await page.keyboard.press('Enter');
    await go.waitFor();
  });

  await does('what the service refuses of an address stands at its field', async () => {
    await address.fill('https://tea.example.com');
    await go.click();
    await page.locator('input[name=shopDomain][aria-invalid=true]').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('name')), 'shopDomain');
  });

  await does('a store is connected by a click in its admin', async () => {
    // Its subscriptions do not come about yet.
    between.spoil = async (o) => (/webhook/i.test(o) ? { status: 503 } : undefined);
    await address.fill(domain.replace('.myshopify.com', ''));
    await address.press('Enter');
    await page.getByRole('button', { name: 'Install app' }).click();
    await page.getByText('The store is connected').waitFor();
    await page.waitForURL(`${url}/settings`);
    assert.ok(await page.evaluate(() => document.activeElement?.textContent?.includes('The store is connected')));
    await look('a store that was just connected');
    await page.reload();
    await page.getByRole('heading', { name: 'Company' }).waitFor();
    assert.equal(await page.getByText('The store is connected').count(), 0);
  });

  await does('what keeps changes from arriving is told, and repaired', async () => {
    await page.goto(`${url}/sync`);
    await webhooks.getByText('Being repaired').waitFor();
    await webhooks.getByText('changes come with the next sync').waitFor();
    await look('webhooks that are being repaired');
    between.spoil = async () => undefined;
    await webhooks.getByRole('button', { name: 'Repair now' }).press('Enter');
    await webhooks.getByText('Changes arrive within seconds.').waitFor();
    await look('webhooks that are active');
  });

  await does('a store that is connected is not connected twice', async () => {
    await page.goto(launched(domain));
    await page.getByText(`${domain} is connected already`).waitFor();
    await page.goto(launched('other.myshopify.com'));
    await page.getByText(`${domain} is connected here`).waitFor();
    await look('another store than the one that is connected');
  });

  await does('who comes back from nowhere is told so, and nothing changes', async () => {
    await page.goto(`${url}/auth/shopify/callback?code=1&shop=${domain}&state=x&timestamp=1&hmac=00`);
    await alert.filter({ hasText: 'The store is not connected' }).waitFor();
    await page.getByText(`${domain} is still connected as before`).waitFor();
    await page.waitForURL(`${url}/settings`);
    await look('a store that was not connected');
  });

  await does('a store that was left is connected again by the same click', async () => {
    await page.goto(`${url}/sync`);
    await page.getByRole('button', { name: 'Connect again' }).waitFor();
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).click();
    await page.getByRole('status').filter({ hasText: 'Its records are still here' }).waitFor();
    assert.equal(await address.inputValue(), domain);
    await go.click();
    await page.getByRole('button', { name: 'Install app' }).click();
    await page.getByText('The store is connected').waitFor();
    await page.getByRole('link', { name: 'Overview' }).click();
    await figure(page, 'orders').waitFor();
    assert.deepEqual(faults, []);
  });
  await page.context().close();
}
