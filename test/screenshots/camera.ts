import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { shrinkPng } from './shrink.ts';

export const WINDOW = { width: 1280, height: 800 } as const;
const SMALL = { width: 900, height: 600 } as const;

export type Camera = {
  /** Takes `NAME-light.png` and `NAME-dark.png`; with `small` also `NAME-small-light.png`. */
  shoot(name: string, options?: { readonly small?: boolean }): Promise<void>;
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
    shoot: async (name, { small = false } = {}) => {
      console.log(name);
      // Away from everything that lights up under the pointer.
      await page.mouse.move(0, 0);
      await take(name, 'dark');
      await take(name, 'light');
      if (!small) return;
      await page.setViewportSize(SMALL);
      await take(`${name}-small`, 'light');
      await page.setViewportSize(WINDOW);
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
