import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { shrinkPng } from './shrink.ts';

export const WINDOW = { width: 1280, height: 800 } as const;
const SMALL = { width: 900, height: 600 } as const;

export type ShootOptions = {
  /** Takes `NAME-small-light.png` too; `both` the dark one as well. */
  readonly small?: boolean | 'both';
  /** Something is held with the pointer: it stays where it is. */
  readonly held?: boolean;
  /** What the picture is of: in view in the small window, too. */
  readonly of?: Locator;
};

export type Camera = {
  /** Takes `NAME-light.png` and `NAME-dark.png`. */
  shoot(name: string, options?: ShootOptions): Promise<void>;
};

/** Takes pictures of the page as it stands, once it has settled. */
export function createCamera(page: Page, folder: string): Camera {
  mkdirSync(folder, { recursive: true });
  const take = async (name: string, colorScheme: 'light' | 'dark') => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await settle(page);
    const path = join(folder, `${name}-${colorScheme}.png`);
    await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
    shrinkPng(path);
  };
  return {
    shoot: async (name, { small = false, held = false, of } = {}) => {
      console.log(name);
      // Away from everything that lights up under the pointer.
      if (!held) await page.mouse.move(0, 0);
      await take(name, 'dark');
      await take(name, 'light');
      if (small === false) return;
      await page.setViewportSize(SMALL);
      await of?.scrollIntoViewIfNeeded();
      if (small === 'both') await take(`${name}-small`, 'dark');
      await take(`${name}-small`, 'light');
      await page.setViewportSize(WINDOW);
      await of?.scrollIntoViewIfNeeded();
    },
  };
}

/** Two frames after the fonts and the layout are there. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    for (let frame = 0; frame < 2; frame += 1) await new Promise((done) => requestAnimationFrame(done));
  });
}
