import { hasChromium, isGone, isShown, seriousFindings, startApp, type App } from '#test/support/app.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** The row the keys act on, by the name a screen reader says. */
async function activeRow(app: App): Promise<string> {
  return app.page.evaluate(() => {
    const id = document.activeElement?.getAttribute('aria-activedescendant');
    return (id === null || id === undefined ? null : document.getElementById(id))?.textContent ?? '';
  });
}

async function press(app: App, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await app.page.keyboard.press(key);
}

describe.skipIf(!hasChromium())('the tree, by keyboard', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp();
    await app.page.getByRole('tree').focus();
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
  });

  it('is one tab stop and starts at its first row', async () => {
    expect(await activeRow(app)).toBe('Local');
    const stops = await app.page.locator('[role="tree"] [tabindex="0"]').count();
    expect(stops).toBe(0);
  });

  it('goes down and up, in and out', async () => {
    await press(app, 'ArrowRight');
    expect(await activeRow(app)).toBe('samples');
    await press(app, 'ArrowRight');
    // The last sample that a new data folder is filled with.
    expect(await isShown(app.page.getByRole('treeitem', { name: 'many-tags' }))).toBe(true);
    await press(app, 'ArrowRight');
    expect(await activeRow(app)).toBe('artifact');
    await press(app, 'ArrowLeft');
    expect(await activeRow(app)).toBe('samples');
    await press(app, 'ArrowDown', 'ArrowDown', 'ArrowUp');
    expect(await activeRow(app)).toBe('artifact');
  });

  it('finds rows by what is typed', async () => {
    await press(app, 'z', 's');
    expect(await activeRow(app)).toBe('zstd');
    await press(app, 'Home');
    expect(await activeRow(app)).toBe('Local');
    await press(app, 'End');
    expect(await activeRow(app)).toBe('zstd');
  });

  it('opens the tags of a repository', async () => {
    await press(app, 'Home', 'm', 'a', 'n', 'y');
    await press(app, 'ArrowRight');
    expect(await isShown(app.page.getByRole('treeitem', { name: 'v1.2.0', exact: true }))).toBe(true);
    expect(await activeRow(app)).toBe('many-tags');
  });

  it('keeps the active row through scrolling, drawn or not', async () => {
    await press(app, 'End');
    const last = await activeRow(app);
    expect(last).toBe('zstd');
    await app.page.getByRole('tree').evaluate((tree) => {
      tree.scrollTop = 0;
    });
    // The rows at the top are drawn with the next frame.
    await expect.poll(() => app.page.getByRole('treeitem').first().getAttribute('aria-setsize')).toBe('1');
    expect(await activeRow(app)).toBe('zstd');
    expect(await app.page.getByRole('treeitem').count()).toBeLessThan(80);
  });

  it('opens the page of a row with Enter, in a tab that stays', async () => {
    await press(app, 'Home', 'ArrowDown');
    await press(app, 'h', 'e', 'l', 'l', 'o', 'Enter');
    expect(await isShown(app.page.getByRole('tab', { name: 'hello-multiarch' }))).toBe(true);
    await expect.poll(() => app.page.title()).toContain('samples/hello-multiarch');
    await press(app, 'ArrowDown', 'Space');
    await app.page
      .getByRole('tab', { name: 'missing-history' })
      .or(app.page.getByRole('tab', { name: 'many-tags' }))
      .waitFor();
    expect(await app.page.getByRole('tab', { name: 'hello-multiarch' }).count()).toBe(1);
  });

  it('opens its context menu with Shift+F10 and gives the focus back', async () => {
    await app.page.getByRole('tree').focus();
    await press(app, 'Shift+F10');
    expect(await isShown(app.page.getByRole('menuitem', { name: 'Add to Favourites' }))).toBe(true);
    await press(app, 'Escape');
    expect(await isGone(app.page.getByRole('menu'))).toBe(true);
    expect(await app.page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('tree');
  });

  it('puts a pinned repository on top', async () => {
    await press(app, 'Shift+F10');
    await app.page.getByRole('menuitem', { name: 'Add to Favourites' }).click();
    expect(await isShown(app.page.getByRole('treeitem', { name: 'Favourites' }))).toBe(true);
    const first = await app.page.getByRole('treeitem').first().textContent();
    expect(first).toBe('Favourites');
  });

  it('has no serious accessibility finding', async () => {
    expect(await seriousFindings(app.page)).toEqual([]);
    expect(app.problems).toEqual([]);
  });
});
