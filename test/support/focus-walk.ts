import type { Page } from 'playwright-core';
import { expect } from 'vitest';

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
  /** The focus once it is there; what it is instead when it never comes. */
  const focusOn = async (role: string, name: RegExp): Promise<Focus> => {
    const isThere = (focus: Focus) => focus.role === role && name.test(focus.name);
    let focus = await page.evaluate(readFocus);
    for (let wait = 0; wait < 100 && !isThere(focus); wait += 1) {
      await page.waitForTimeout(50);
      focus = await page.evaluate(readFocus);
    }
    return focus;
  };
  /** Every stop of Tab until something of that role and name has the focus. */
  const tabTo = async (role: RegExp, name: RegExp): Promise<readonly Focus[]> => {
    const stops: Focus[] = [];
    for (let step = 0; step < 60; step += 1) {
      await press('Tab');
      const focus = await page.evaluate(readFocus);
      stops.push(focus);
      if (role.test(focus.role) && name.test(focus.name)) return stops;
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

export type FocusWalk = ReturnType<typeof focusWalk>;
