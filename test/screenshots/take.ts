import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { launchChromium } from '../support/chromium.ts';
import { createCamera, WINDOW } from './camera.ts';
import {
  around,
  connecting,
  createSet,
  failures,
  firstRun,
  images,
  log,
  NOW,
  offline,
  repositories,
} from './scenes.ts';
import { setStage } from './stage.ts';

const { values } = parseArgs({ options: { out: { type: 'string' } } });
const folder = resolve(values.out ?? join(import.meta.dirname, '../../docs/screenshots'));

await using stage = await setStage();
const browser = await launchChromium();
try {
  const page = await browser.newPage({ viewport: WINDOW, locale: 'en-GB', timezoneId: 'UTC' });
  page.setDefaultTimeout(15_000);
  await page.clock.setFixedTime(NOW);
  await page.goto(stage.app.address);
  const set = createSet(page, createCamera(page, folder), stage);
  for (const scene of [firstRun, connecting, repositories, images, failures, offline, log, around]) await scene(set);
} finally {
  await browser.close();
}
