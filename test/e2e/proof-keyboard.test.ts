import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, startApp, type App } from '#test/support/app.ts';

type Focus = {
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
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(candidate);
    return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
  };
  const text = element.getAttribute('aria-label') ?? element.textContent;
  return {
    role: element.getAttribute('role') ?? element.tagName.toLowerCase(),
    name: text.trim().slice(0, 60),
    inView: top >= 0 && left >= 0 && bottom <= innerHeight + 1 && right <= innerWidth + 1,
    marked: isMarked(element) || isMarked(holder),
  };
}

describe.skipIf(!hasChromium())('without a mouse, from the start to the raw bytes', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
  });

  const press = async (...keys: readonly string[]) => {
    for (const key of keys) await app.page.keyboard.press(key);
  };
  /** Waits until the focus is there, and fails unless it can be seen. */
  const expectFocus = async (role: string, name: RegExp) => {
    const expected = { role, name: expect.stringMatching(name) as string, inView: true, marked: true };
    await expect.poll(() => app.page.evaluate(readFocus), { timeout: 10_000 }).toEqual(expected);
  };
  /** Tab until something of that role and name has the focus; every stop on the way can be seen. */
  const tabTo = async (role: string, name: RegExp, key = 'Tab') => {
    const seen: string[] = [];
    for (let step = 0; step < 60; step += 1) {
      await press(key);
      const focus = await app.page.evaluate(readFocus);
      seen.push(`${focus.role} ${focus.name}`);
      expect(focus, seen.join(' → ')).toMatchObject({ inView: true, marked: true });
      if (focus.role === role && name.test(focus.name)) return;
    }
    expect.fail(`never came to ${role} ${name.source}: ${seen.join(' → ')}`);
  };

  it('reaches the tree by Tab and opens the samples', async () => {
    await tabTo('treeitem', /^Local$/);
    await press('ArrowRight', 'ArrowRight');
    await expectFocus('treeitem', /^samples$/);
    await press('ArrowRight', 'ArrowRight');
    await expectFocus('treeitem', /^artifact$/);
    await app.page.keyboard.type('hello');
    await expectFocus('treeitem', /^hello-multiarch$/);
  });

  it('opens the repository and reaches its table', async () => {
    await press('Enter');
    await app.page.getByRole('grid', { name: 'Tags' }).waitFor();
    await tabTo('grid', /./).catch(async () => tabTo('row', /./));
    await press('ArrowDown');
    await expectFocus('row', /./);
    await press('End');
    await expectFocus('row', /latest/);
  });

  it('opens the image and goes through its tabs', async () => {
    await press('Enter');
    await app.page.getByRole('tab', { name: 'Overview' }).waitFor();
    await tabTo('tab', /^Overview$/);
    for (const name of [/^Platforms/, /^Config$/, /^Layers/, /^Raw$/]) {
      await press('ArrowRight');
      await expectFocus('tab', name);
      await press('Enter');
      await app.page.getByRole('tabpanel').waitFor();
    }
  });

  it('scrolls the raw bytes and follows a digest', async () => {
    await tabTo('textbox', /./);
    await press('PageDown');
    await tabTo('a', /^"sha256:/);
    await press('Enter');
    await app.page.getByRole('heading', { level: 1, name: /@/ }).waitFor();
  });

  it('goes back to where it started', async () => {
    await press('Alt+ArrowLeft');
    await app.page.getByRole('tab', { name: 'Raw', exact: true }).waitFor();
    for (let step = 0; step < 6; step += 1) {
      if (await app.page.getByRole('heading', { name: 'Welcome to Gantry' }).isVisible()) break;
      await press('Alt+ArrowLeft');
      await app.page.waitForTimeout(150);
    }
    expect(await app.page.getByRole('heading', { name: 'Welcome to Gantry' }).isVisible()).toBe(true);
    expect(app.problems).toEqual([]);
  });
});
