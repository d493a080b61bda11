import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SAMPLES } from '#main/core/local-registry/samples/sample-list.ts';
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
  /** The focus once it is there; what it is instead when it never comes. */
  const focusOn = async (role: string, name: RegExp): Promise<Focus> => {
    const isThere = (focus: Focus) => focus.role === role && name.test(focus.name);
    let focus = await app.page.evaluate(readFocus);
    for (let wait = 0; wait < 100 && !isThere(focus); wait += 1) {
      await app.page.waitForTimeout(50);
      focus = await app.page.evaluate(readFocus);
    }
    return focus;
  };
  /** Every stop of Tab until something of that role and name has the focus. */
  const tabTo = async (role: RegExp, name: RegExp): Promise<readonly Focus[]> => {
    const stops: Focus[] = [];
    for (let step = 0; step < 60; step += 1) {
      await press('Tab');
      const focus = await app.page.evaluate(readFocus);
      stops.push(focus);
      if (role.test(focus.role) && name.test(focus.name)) return stops;
    }
    return expect.fail(`never came to ${role.source} ${name.source}: ${JSON.stringify(stops)}`);
  };
  /** The right arrow opens a closed row; on an open one it would go on to the first row below. */
  const open = async (name: string): Promise<void> => {
    const row = app.page.getByRole('treeitem', { name, exact: true });
    if ((await row.getAttribute('aria-expanded')) !== 'true') await press('ArrowRight');
  };
  const unseen = (stops: readonly Focus[]) => stops.filter(({ inView, marked }) => !inView || !marked);
  const seen = (role: string, name: RegExp) => ({
    role,
    name: expect.stringMatching(name) as string,
    inView: true,
    marked: true,
  });

  it('reaches the tree by Tab and opens the samples', async () => {
    expect(unseen(await tabTo(/^treeitem$/, /^Local$/))).toEqual([]);
    await open('Local');
    await app.page.getByRole('treeitem', { name: 'samples', exact: true }).waitFor();
    await press('ArrowRight');
    expect(await focusOn('treeitem', /^samples$/)).toEqual(seen('treeitem', /^samples$/));
    await open('samples');
    // The samples come in as they are made: before the last of them, what is first may still change.
    for (const { repository } of SAMPLES) {
      const [, name = ''] = repository.split('/');
      await app.page.getByRole('treeitem', { name, exact: true }).waitFor();
    }
    await press('ArrowRight');
    expect(await focusOn('treeitem', /^artifact$/)).toEqual(seen('treeitem', /^artifact$/));
    await app.page.keyboard.type('hello');
    expect(await focusOn('treeitem', /^hello-multiarch$/)).toEqual(seen('treeitem', /^hello-multiarch$/));
  });

  it('opens the repository and reaches its table', async () => {
    await press('Enter');
    await app.page.getByRole('grid', { name: 'Tags' }).waitFor();
    // The grid itself, or the row that it points to once there is one.
    expect(unseen(await tabTo(/^(grid|row)$/, /./))).toEqual([]);
    await press('ArrowDown');
    expect(await focusOn('row', /./)).toEqual(seen('row', /./));
    await press('End');
    expect(await focusOn('row', /latest/)).toEqual(seen('row', /latest/));
  });

  it('opens the image and goes through its tabs', async () => {
    await press('Enter');
    await app.page.getByRole('tab', { name: 'Overview' }).waitFor();
    expect(unseen(await tabTo(/^tab$/, /^Overview$/))).toEqual([]);
    for (const name of [/^Platforms/, /^Config$/, /^Layers/, /^Files$/, /^Packages$/, /^Referrers/, /^Raw$/]) {
      await press('ArrowRight');
      expect(await focusOn('tab', name)).toEqual(seen('tab', name));
      await press('Enter');
      await app.page.getByRole('tabpanel').waitFor();
    }
  });

  it('scrolls the raw bytes and follows a digest', async () => {
    await app.page.getByRole('textbox', { name: 'Document' }).waitFor();
    expect(unseen(await tabTo(/^textbox$/, /./))).toEqual([]);
    await press('PageDown');
    expect(unseen(await tabTo(/^a$/, /^"sha256:/))).toEqual([]);
    await press('Enter');
    await app.page.getByRole('heading', { level: 1, name: /@/ }).waitFor();
  });

  it('goes back to where it started', async () => {
    await press('Alt+ArrowLeft');
    await app.page.getByRole('tab', { name: 'Raw', exact: true }).waitFor();
    for (let step = 0; step < 10; step += 1) {
      if (await app.page.getByRole('heading', { name: 'Welcome to Gantry' }).isVisible()) break;
      await press('Alt+ArrowLeft');
      await app.page.waitForTimeout(150);
    }
    expect(await app.page.getByRole('heading', { name: 'Welcome to Gantry' }).isVisible()).toBe(true);
    expect(app.problems).toEqual([]);
  });
});
