import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SAMPLES } from '#main/core/local-registry/samples/sample-list.ts';
import { hasChromium, isShown, startApp, type App } from '#test/support/app.ts';
import { focusWalk, typeAhead, type FocusWalk } from '#test/support/focus-walk.ts';

describe.skipIf(!hasChromium())('without a mouse, from the start to the raw bytes', () => {
  let app: App;
  let walk: FocusWalk;
  beforeAll(async () => {
    app = await startApp();
    walk = focusWalk(app.page);
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
  });

  const press = (...keys: readonly string[]) => walk.press(...keys);
  const focusOn = (role: string, name: RegExp) => walk.focusOn(role, name);
  const tabTo = (role: RegExp, name: RegExp) => walk.tabTo(role, name);

  /** The right arrow opens a closed row; on an open one it would go on to the first row below. */
  const open = async (name: string): Promise<void> => {
    const row = app.page.getByRole('treeitem', { name, exact: true });
    if ((await row.getAttribute('aria-expanded')) !== 'true') await press('ArrowRight');
  };
  it('reaches the tree by Tab and opens the samples', async () => {
    expect(walk.unseen(await tabTo(/^treeitem$/, /^Local$/))).toEqual([]);
    await open('Local');
    await app.page.getByRole('treeitem', { name: 'samples', exact: true }).waitFor();
    await press('ArrowRight');
    expect(await focusOn('treeitem', /^samples$/)).toEqual(walk.seen('treeitem', /^samples$/));
    await open('samples');
    // The samples come in as they are made: before the last of them, what is first may still change.
    for (const { repository } of SAMPLES) {
      const [, name = ''] = repository.split('/');
      await app.page.getByRole('treeitem', { name, exact: true }).waitFor();
    }
    await press('ArrowRight');
    expect(await focusOn('treeitem', /^artifact$/)).toEqual(walk.seen('treeitem', /^artifact$/));
    await typeAhead(app.page, 'hello', 'hello-multiarch');
    expect(await focusOn('treeitem', /^hello-multiarch$/)).toEqual(walk.seen('treeitem', /^hello-multiarch$/));
  });

  it('opens the repository and reaches its table', async () => {
    await press('Enter');
    await app.page.getByRole('grid', { name: 'Tags' }).waitFor();
    // The grid itself, or the row that it points to once there is one.
    expect(walk.unseen(await tabTo(/^(grid|row)$/, /./))).toEqual([]);
    await press('ArrowDown');
    expect(await focusOn('row', /./)).toEqual(walk.seen('row', /./));
    await press('End');
    expect(await focusOn('row', /latest/)).toEqual(walk.seen('row', /latest/));
  });

  it('opens the image and goes through its tabs', async () => {
    await press('Enter');
    await app.page.getByRole('tab', { name: 'Overview' }).waitFor();
    expect(walk.unseen(await tabTo(/^tab$/, /^Overview$/))).toEqual([]);
    for (const name of [/^Platforms/, /^Config$/, /^Layers/, /^Files$/, /^Packages$/, /^Referrers/, /^Raw$/]) {
      await press('ArrowRight');
      expect(await focusOn('tab', name)).toEqual(walk.seen('tab', name));
      await press('Enter');
      await app.page.getByRole('tabpanel').waitFor();
    }
  });

  it('scrolls the raw bytes and follows a digest', async () => {
    await app.page.getByRole('textbox', { name: 'Document' }).waitFor();
    expect(walk.unseen(await tabTo(/^textbox$/, /./))).toEqual([]);
    await press('PageDown');
    expect(walk.unseen(await tabTo(/^a$/, /^"sha256:/))).toEqual([]);
    await press('Enter');
    await app.page.getByRole('heading', { level: 1, name: /@/ }).waitFor();
  });

  it('goes back to where it started', async () => {
    await press('Alt+ArrowLeft');
    await app.page.getByRole('tab', { name: 'Raw', exact: true }).waitFor();
    const place = () => new URL(app.page.url()).hash || '#/';
    for (let before = place(); before !== '#/'; before = place()) {
      await press('Alt+ArrowLeft');
      await expect.poll(place).not.toBe(before);
    }
    expect(await isShown(app.page.getByRole('heading', { name: 'Welcome to Gantry' }))).toBe(true);
    expect(app.problems).toEqual([]);
  });
});
