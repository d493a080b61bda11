import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, isShown, startApp, type App } from '#test/support/app.ts';
import { focusWalk, type FocusWalk } from '#test/support/focus-walk.ts';
import { gantryPage } from '#test/support/gantry-page.ts';

const WHITEOUTS = '/registry/local/image/samples%2Fwhiteouts/latest';

describe.skipIf(!hasChromium())('without a mouse, inside images', () => {
  let app: App;
  let walk: FocusWalk;
  beforeAll(async () => {
    app = await startApp();
    walk = focusWalk(app.page);
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
  });

  const main = () => app.page.getByRole('main');
  /** At a page, with the focus at the beginning of what is in it. */
  const go = async (path: string) => {
    await gantryPage(app.page).goAnew(path);
    await main().getByRole('tab').first().waitFor();
    await main().focus();
  };

  it('goes from the layers to what was shipped for nothing, and to what a layer changed', async () => {
    await go(`${WHITEOUTS}/layers`);
    await main().getByRole('button', { name: 'Show files' }).waitFor();
    expect(walk.unseen(await walk.tabTo(/^button$/, /^Show files$/))).toEqual([]);
    await walk.press('Enter');
    const hidden = main().getByRole('region', { name: 'Hidden files' });
    await hidden
      .getByRole('link', { name: /pkgcache/ })
      .first()
      .waitFor();
    expect(walk.unseen(await walk.tabTo(/^a$/, /pkgcache/))).toEqual([]);
    expect(walk.unseen(await walk.tabTo(/^a$/, /^Changes of layer 3/))).toEqual([]);
    await walk.press('Enter');
    await main().getByRole('treegrid', { name: 'Files' }).getByRole('row', { name: /^var/ }).waitFor();
    expect(app.page.url()).toContain('show=changes');
  });

  it('goes through the files in every form, to the preview, and saves', async () => {
    await go(`${WHITEOUTS}/files`);
    await main().getByRole('treegrid', { name: 'Files' }).getByRole('row', { name: /^opt/ }).waitFor();
    expect(walk.unseen(await walk.tabTo(/^searchbox$|^input$/, /^Find files$/))).toEqual([]);
    await app.page.keyboard.type('opt/tool/VERSION');
    const found = main().getByRole('treegrid', { name: 'Files found' });
    await found.getByRole('row', { name: /VERSION/ }).waitFor();
    await walk.tabTo(/^(treegrid|row)$/, /./);
    await walk.press('Home');
    expect((await walk.focusOn('row', /VERSION/)).marked).toBe(true);
    await main().getByRole('heading', { name: 'VERSION' }).waitFor();
    const started = app.page.waitForEvent('download');
    await walk.press('Control+s');
    expect((await started).suggestedFilename()).toBe('VERSION');
    await walk.press('Enter');
    await main().getByRole('treegrid', { name: 'Files', exact: true }).waitFor();
    expect(walk.unseen(await walk.tabTo(/^button$/, /^Copy the path$/))).toEqual([]);
  });

  it('goes through a comparison: changes sides, tabs, filters and rows', async () => {
    const left = JSON.stringify(['local', 'samples/hello-multiarch', 'latest', 'linux/amd64']);
    const right = JSON.stringify(['local', 'samples/whiteouts', 'latest']);
    await go(`/compare?${new URLSearchParams({ left, right }).toString()}`);
    await main().getByRole('table', { name: 'Settings' }).waitFor();
    expect(walk.unseen(await walk.tabTo(/^button$/, /^Swap sides$/))).toEqual([]);
    await walk.press('Enter');
    const leftSide = main().getByRole('group', { name: 'Left side' });
    await expect.poll(() => leftSide.innerText()).toContain('samples/whiteouts');
    await walk.tabTo(/^tab$/, /^Config/);
    await walk.press('ArrowRight', 'ArrowRight', 'Enter');
    const files = main().getByRole('grid', { name: 'Files that differ' });
    await files.waitFor();
    expect(walk.unseen(await walk.tabTo(/^(grid|row)$/, /./))).toEqual([]);
    await walk.press('End');
    expect((await walk.focusOn('row', /usr.local.bin.hello/)).marked).toBe(true);
    expect(app.problems).toEqual([]);
  });

  it('opens the list of shortcuts from anywhere, and comes back to where it was', async () => {
    await go(`${WHITEOUTS}/files`);
    const grid = main().getByRole('treegrid', { name: 'Files' });
    await grid.getByRole('row', { name: /^opt/ }).waitFor();
    await walk.tabTo(/^(treegrid|row)$/, /./);
    await walk.press('?');
    const dialog = app.page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    expect(await isShown(dialog)).toBe(true);
    await walk.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => grid.evaluate((element) => element === document.activeElement)).toBe(true);
  });
});
