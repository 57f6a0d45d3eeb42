import assert from 'node:assert/strict';

/** Signing up: ada@example.com, whose store the next areas use. */
export async function door(t) {
  const { web, page, context, url, does, ask, accessible, signUp } = t;

  await does('an address inside leads to the door, and is remembered', async () => {
    await page.goto(`${url}/?range=LAST_90_DAYS`);
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    assert.match(page.url(), /\/login\?next=/);
    await accessible(web, 'log in');
    await page.getByRole('link', { name: 'Sign up' }).click();
    await page.getByRole('heading', { name: 'Sign up' }).waitFor();
    await accessible(web, 'sign up');
  });

  await does('what the service refuses stands at its field', async () => {
    await page.getByLabel('Email').fill('ada@example.com');
    await page.getByLabel('Password', { exact: true }).fill('short');
    await page.getByLabel('Name of the store').fill('Tea');
    await page.getByRole('button', { name: 'Sign up' }).click();
    await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'password');
    await page.locator('input[name=password][aria-invalid=true]').waitFor();
  });

  await does('signing up leads to the checklist, and leaves nothing but the cookie', async () => {
    await signUp(page, 'ada@example.com');
    await page.getByRole('heading', { name: 'Look around first' }).waitFor();
    assert.match(page.url(), /range=LAST_90_DAYS/);
    const cookies = await context.cookies();
    assert.deepEqual(
      cookies.map(({ name, httpOnly, sameSite }) => ({ name, httpOnly, sameSite })),
      [{ name: `shopsight-${new URL(url).port}`, httpOnly: true, sameSite: 'Strict' }],
    );
    assert.deepEqual(await page.evaluate(() => [document.cookie, localStorage.length, sessionStorage.length]), ['', 0, 0]);
    assert.ok(await page.getByText('<script>alert(1)</script>').first().isVisible());
    await accessible(web, 'checklist');
  });

  const api = await ask(url, `mutation { login(input: {email: "ada@example.com", password: "a long enough passphrase"}) { accessToken } }`);
  t.token = api.login.accessToken;
}
