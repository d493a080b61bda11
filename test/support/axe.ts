import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

type Scheme = 'light' | 'dark';

/** What was changed a moment ago is drawn with the second frame; axe must not see half of it. */
async function drawn(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let frame = 0; frame < 2; frame += 1) await new Promise((done) => requestAnimationFrame(done));
  });
}

async function setScheme(page: Page, colorScheme: Scheme): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await drawn(page);
}

/**
 * There are no frames, so axe need not open a page of its own to put their results together: that saves seconds, and
 * the page stays the one in front.
 */
const axe = (page: Page): AxeBuilder => new AxeBuilder({ page }).setLegacyMode(true);

async function findBarriers(builder: AxeBuilder): Promise<readonly string[]> {
  const { violations } = await builder.analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) =>
      nodes.map((node) => `${id}: ${help} at ${node.target.join(' ')}: ${node.any[0]?.message ?? ''}`),
    );
}

/**
 * Fails with every serious or critical finding of axe on the page as it stands, one line for each element: all rules
 * in light, contrast again in dark, which is all that a scheme changes.
 */
export async function expectNoBarriers(page: Page, screen: string): Promise<void> {
  await setScheme(page, 'dark');
  const dark = await findBarriers(axe(page).withRules(['color-contrast']));
  await setScheme(page, 'light');
  const light = await findBarriers(axe(page));
  expect({ screen, dark, light }).toEqual({ screen, dark: [], light: [] });
}

/** What axe finds that is serious or critical: `rule: selector`, one a line. */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
  await drawn(page);
  const { violations } = await axe(page).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`));
}
