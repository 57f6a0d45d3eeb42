// Drives the dashboard as people do, against the real service: npm run e2e, after npm run build. Each area is a file of its
// own; they share one browser, and go on where the one before them left it. With names, only those: npm run e2e -- door overview
import assert from 'node:assert/strict';
import { connect } from './connect.mjs';
import { customers } from './customers.mjs';
import { data } from './data.mjs';
import { door } from './door.mjs';
import { elsewhere } from './elsewhere.mjs';
import {
  accessible, ask, build, count, does, end, figure, money, noSidewaysScroll, openBrowser, openPage, signUp, startService, tell,
} from './harness.mjs';
import { failures } from './failures.mjs';
import { hostile } from './hostile.mjs';
import { load } from './load.mjs';
import { orders } from './orders.mjs';
import { overview } from './overview.mjs';
import { playground } from './playground.mjs';
import { privacy } from './privacy.mjs';
import { products } from './products.mjs';
import { session } from './session.mjs';
import { settings } from './settings.mjs';
import { sync } from './sync.mjs';

// On the sample data of one store, then on the imported data of another.
const areas = [door, overview, orders, customers, products, settings, playground, privacy, sync, connect, failures, hostile, load, session, data, elsewhere];

try {
  build();
  const service = await startService();
  const web = await openBrowser(service.url);
  const { page, context, faults } = web;
  const { url } = service;
  // The door puts the token of the person who is signed in here.
  const t = {
    web, page, context, url, token: '', service, faults, does, ask, accessible, noSidewaysScroll, figure, money, count, signUp, openPage, startService,
  };
  const only = process.argv.slice(2);
  for (const area of areas) if (only.length === 0 || only.includes(area.name)) await area(t);
  await does('nothing went wrong on the way', async () => assert.deepEqual(faults, []));
} catch (error) {
  console.error(error);
  await tell();
  process.exitCode = 1;
} finally {
  await end();
}
