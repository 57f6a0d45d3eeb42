import assert from 'node:assert/strict';

/** A real store: grace@example.com connects the simulated one. */
export async function sync({ web, page, url, service, does, accessible, noSidewaysScroll, signUp, figure, faults }) {
  await does('a store connects from the checklist, and its bars move', async () => {
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    await page.goto(`${url}/signup`);
    await signUp(page, 'grace@example.com');
    await page.getByLabel('Address of the store').fill(service.domain);
    await page.getByLabel('Access token').fill('shpat_wrong');
    await page.getByRole('button', { name: 'Connect the store' }).click();
    await page.locator('input[name=accessToken][aria-invalid=true]').waitFor();
    await page.getByLabel('Access token').fill(service.token);
    await page.getByRole('button', { name: 'Connect the store' }).click();
    const bars = page.getByRole('progressbar');
    await bars.first().waitFor({ state: 'attached' });
    const seen = new Set();
    const began = Date.now();
    while (Date.now() - began < 60_000 && (await bars.count()) > 0) {
      for (const text of await bars.evaluateAll((all) => all.map((b) => `${b.getAttribute('aria-labelledby')} ${b.getAttribute('aria-valuenow')}`))) {
        seen.add(text);
      }
      await page.waitForTimeout(50);
    }
    assert.ok(seen.size > 5, `the bars stood at ${[...seen]}`);
    await figure(page, 'orders').waitFor();
  });

  await does('the sync page proves that everything is in', async () => {
    await page.getByRole('link', { name: 'Sync' }).click();
    await page.getByText('✓ 1,500 of 1,500 orders').waitFor();
    assert.equal(await page.locator('#store').textContent(), service.name);
    await page.getByRole('button', { name: 'Sync now' }).click();
    await page.getByText('asked for').waitFor();
    await page.waitForFunction(() => [...document.querySelectorAll('tbody tr')].every((r) => r.textContent?.includes('Complete')));
    await accessible(web, 'sync');
    await page.setViewportSize({ width: 320, height: 640 });
    await noSidewaysScroll(page, 'the sync page of a store');
    await page.setViewportSize({ width: 1280, height: 900 });
    assert.equal(await page.evaluate(() => window.ran), undefined);
  });

  await does('an unreachable service is said to be so', async () => {
    web.watch.policy = false;
    const known = faults.length;
    await page.route('**/graphql', (r) => r.abort());
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('alert').filter({ hasText: 'does not answer' }).waitFor();
    await page.unroute('**/graphql');
    faults.length = known; // the browser logs what it could not load
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await figure(page, 'orders').waitFor();
    web.watch.policy = true;
  });
}
