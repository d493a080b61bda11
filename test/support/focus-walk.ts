import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { PATIENCE_MS } from './patience.ts';

export type Focus = {
  readonly role: string;
  readonly name: string;
  /** All of it lies in the window. */
  readonly inView: boolean;
  /** Something is drawn around it. */
  readonly marked: boolean;
};

/** What a person who cannot use a mouse knows: where the focus is, that it is in view, and that it can be seen. */
function readFocus(): Focus {
  const holder = document.activeElement;
  if (holder === null || holder === document.body) return { role: 'none', name: '', inView: false, marked: false };
  const id = holder.getAttribute('aria-activedescendant');
  const element = (id === null ? null : document.getElementById(id)) ?? holder;
  const { top, left, bottom, right } = element.getBoundingClientRect();
  const isMarked = (candidate: Element) => {
    // A button that stands for a whole row draws its mark around the row.
    return [undefined, '::after'].some((part) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(candidate, part);
      return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
    });
  };
  const text = element.getAttribute('aria-label') ?? element.textContent;
  return {
    role: element.getAttribute('role') ?? element.tagName.toLowerCase(),
    name: text.trim().slice(0, 60),
    inView: top >= 0 && left >= 0 && bottom <= innerHeight + 1 && right <= innerWidth + 1,
    marked: isMarked(element) || isMarked(holder),
  };
}

/** The window by keys alone: where the focus goes, and that it can be seen there. */
export function focusWalk(page: Page) {
  const press = async (...keys: readonly string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  /** The focus once it is there and can be seen, as a list may still scroll; what it is instead when that never comes. */
  const focusWhen = async (isThere: (focus: Focus) => boolean): Promise<Focus> => {
    const until = performance.now() + PATIENCE_MS;
    for (;;) {
      const focus = await page.evaluate(readFocus);
      if ((isThere(focus) && focus.inView && focus.marked) || performance.now() > until) return focus;
      await page.waitForTimeout(50);
    }
  };
  const focusOn = (role: string, name: RegExp): Promise<Focus> =>
    focusWhen((focus) => focus.role === role && name.test(focus.name));
  /** Every stop of Tab until something of that role and name has the focus. */
  const tabTo = async (role: RegExp, name: RegExp): Promise<readonly Focus[]> => {
    const stops: Focus[] = [];
    for (let step = 0; step < 60; step += 1) {
      await press('Tab');
      const focus = await page.evaluate(readFocus);
      const isIt = (found: Focus) => role.test(found.role) && name.test(found.name);
      if (isIt(focus)) return [...stops, await focusWhen(isIt)];
      stops.push(focus);
    }
    return expect.fail(`never came to ${role.source} ${name.source}: ${JSON.stringify(stops)}`);
  };
  const unseen = (stops: readonly Focus[]) => stops.filter(({ inView, marked }) => !inView || !marked);
  const seen = (role: string, name: RegExp) => ({
    role,
    name: expect.stringMatching(name) as string,
    inView: true,
    marked: true,
  });
  return { press, focusOn, tabTo, unseen, seen };
}

/** Goes down the rows of a grid, one by one, to the one with this name. */
export async function downTo(page: Page, grid: Locator, name: RegExp): Promise<void> {
  const current = grid.getByRole('row', { selected: true });
  while (!name.test(await current.innerText())) {
    const before = await current.getAttribute('aria-rowindex');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => current.getAttribute('aria-rowindex')).not.toBe(before);
  }
}

/** The row the keys act on, by the name a screen reader says; nothing while no tree or grid has the focus. */
export async function activeRow(page: Page): Promise<string> {
  return page.evaluate(() => {
    const id = document.activeElement?.getAttribute('aria-activedescendant');
    return (id === null || id === undefined ? null : document.getElementById(id))?.textContent ?? '';
  });
}

/**
 * Types the beginning of a row's name into the tree that has the focus until that row is the active one. A word is over
 * when nothing was typed for a while, so on a busy machine it may need to be typed again.
 */
export async function typeAhead(page: Page, text: string, row: string): Promise<void> {
  const type = async () => {
    // A move ends the word before.
    await page.keyboard.press('Home');
    await page.keyboard.type(text);
    return activeRow(page);
  };
  await expect.poll(type).toBe(row);
}

export type FocusWalk = ReturnType<typeof focusWalk>;
