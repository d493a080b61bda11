import type { Page } from 'playwright-core';

export type Opened = { readonly askedAt: number; readonly shownAt: number };

/** Goes to an address in the page and tells when its first row was there to be drawn, both in milliseconds since 1970. */
export function openList(page: Page, hash: string, row: string): Promise<Opened> {
  return page.evaluate(
    ([to, selector]) =>
      new Promise<Opened>((done) => {
        const now = () => performance.timeOrigin + performance.now();
        const askedAt = now();
        const look = () => {
          if (document.querySelector(selector) === null) requestAnimationFrame(look);
          else done({ askedAt, shownAt: now() });
        };
        location.hash = to;
        requestAnimationFrame(look);
      }),
    [hash, row] as const,
  );
}

/** Milliseconds from the press of "Load all" to a footer that counts every name. */
export function loadAll(page: Page, list: string, counted: string): Promise<number> {
  return page.evaluate(
    ([selector, wanted]) =>
      new Promise<number>((done, fail) => {
        const buttons = [...document.querySelectorAll<HTMLButtonElement>(`${selector} button`)];
        const button = buttons.find(({ textContent }) => textContent === 'Load all');
        if (button === undefined) {
          fail(new Error('no button "Load all"'));
          return;
        }
        const started = performance.now();
        const look = () => {
          const texts = Array.from(document.querySelectorAll(`${selector} span`), ({ textContent }) => textContent);
          if (texts.some((text) => text.startsWith(wanted))) done(performance.now() - started);
          else requestAnimationFrame(look);
        };
        button.click();
        requestAnimationFrame(look);
      }),
    [list, counted] as const,
  );
}

/** Scrolls a list by the wheel, by pages, and from end to end as by dragging its bar. */
export function scrollThrough(page: Page, scroller: string): Promise<void> {
  return page.evaluate(async (selector) => {
    const element = document.querySelector(selector);
    if (element === null) throw new Error(`no ${selector}`);
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const steps = [
      ...Array<number>(60).fill(120),
      ...Array<number>(40).fill(700),
      ...Array<number>(60).fill(40_000),
      ...Array<number>(30).fill(-90_000),
    ];
    for (const step of steps) {
      element.scrollBy({ top: step, behavior: 'instant' });
      await frame();
    }
    await new Promise((done) => setTimeout(done, 300));
  }, scroller);
}

/** Opens every folder of the tree's registry whose row has the keys; resolves when there are `count` rows at least. */
export async function openAllFolders(page: Page, count: number): Promise<void> {
  const tree = page.getByRole('tree');
  await tree.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('*');
  const rowHeight = 28;
  const isOpen = ([wanted, height]: readonly [number, number]) =>
    (document.querySelector('[role=tree]')?.scrollHeight ?? 0) >= wanted * height;
  await page.waitForFunction(isOpen, [count, rowHeight] as const);
}
