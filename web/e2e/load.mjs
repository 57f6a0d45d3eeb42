import assert from 'node:assert/strict';

/** What the first load takes. */
export async function load({ context, url, does }) {
  await does('the first load is small', async () => {
    const tab = await context.newPage();
    const client = await context.newCDPSession(tab);
    await client.send('Network.enable');
    await client.send('Network.setCacheDisabled', { cacheDisabled: true });
    let loaded = 0;
    let requests = 0;
    client.on('Network.loadingFinished', (e) => {
      loaded += e.encodedDataLength;
      requests++;
    });
    await tab.goto(url);
    await tab.locator('.chart-plot path').first().waitFor();
    console.log(`    ${Math.round(loaded / 1024)} KiB in ${requests} requests`);
    assert.ok(loaded < 350_000, `${loaded} bytes`);
    await tab.close();
  });
}
