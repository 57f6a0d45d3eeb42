// Makes the pictures of the README from the demonstration, in light and in dark: npm run screenshots, after npm run build.
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build, end, openBrowser, run } from './harness.mjs';

const images = join(import.meta.dirname, '..', '..', 'docs', 'images');
const most = 200_000;

try {
  build();
  const demo = await run(['demo', '--addr=127.0.0.1:0', '--data=demo'], /dashboard is at (http:\S+)\/ .* as (\S+) with the password (\S+)\./);
  const [, url, email, password] = demo;
  const { page } = await openBrowser(url, { viewport: { width: 1280, height: 1090 }, reducedMotion: 'reduce' });
  mkdirSync(images, { recursive: true });
  const shoot = async (name) => {
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      await page.waitForTimeout(500);
      const path = join(images, `${name}-${colorScheme}.png`);
      await page.screenshot({ path });
      const { size } = statSync(path);
      console.log(`${path}: ${size} bytes`);
      if (size > most) throw new Error(`${path} is larger than ${most} bytes`);
    }
  };
  await page.goto(`${url}/?range=LAST_90_DAYS`);
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.locator('.chart-plot path').first().waitFor();
  await shoot('overview');
  await page.goto(`${url}/orders?payment=PARTIALLY_REFUNDED`);
  await page.setViewportSize({ width: 1280, height: 860 });
  await page.getByRole('table').getByRole('link', { name: /^#/ }).nth(3).click();
  await page.getByRole('dialog').getByText('Net sales').last().waitFor();
  await shoot('order');
  await page.goto(`${url}/?range=LAST_90_DAYS`);
  await page.getByRole('table').getByRole('link').first().click();
  await page.locator('.chart-plot path').first().waitFor();
  await shoot('customer');
  await page.setViewportSize({ width: 1280, height: 640 });
  await page.getByRole('link', { name: 'Playground' }).click();
  await page.locator('.result-window .CodeMirror').waitFor();
  await page.getByRole('button', { name: /^Execute query/ }).click();
  await page.getByText(/The last query cost/).waitFor();
  await shoot('playground');
  await page.setViewportSize({ width: 1280, height: 600 });
  await page.getByRole('link', { name: 'Sync' }).click();
  await page.getByText('✓').first().waitFor();
  await page.getByRole('main').focus();
  await shoot('sync');
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await end();
}
