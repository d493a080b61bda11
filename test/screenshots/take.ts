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
  trusting,
} from './scenes.ts';
import { inside } from './inside-scenes.ts';
import { setStage } from './stage.ts';
import { states } from './state-scenes.ts';
import { copying, moving, pushing } from './transfer-scenes.ts';

const { values } = parseArgs({ options: { out: { type: 'string' }, only: { type: 'string' } } });
const folder = resolve(values.out ?? join(import.meta.dirname, '../../docs/screenshots'));

await using stage = await setStage();
const browser = await launchChromium();
try {
  const page = await browser.newPage({ viewport: WINDOW, locale: 'en-GB', timezoneId: 'UTC' });
  page.setDefaultTimeout(15_000);
  await page.clock.setFixedTime(NOW);
  await page.goto(stage.app.address);
  await page.getByRole('tree').waitFor();
  const set = createSet(page, createCamera(page, folder), stage);
  const scenes = [
    firstRun,
    connecting,
    repositories,
    images,
    inside,
    states,
    copying,
    pushing,
    moving,
    failures,
    offline,
    log,
    around,
    trusting,
  ];
  // Some scenes alone, while one works on them: `--only copying,moving`.
  const wanted = values.only?.split(',');
  for (const scene of scenes) if (wanted === undefined || wanted.includes(scene.name)) await scene(set);
} finally {
  await browser.close();
}
