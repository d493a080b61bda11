import { hasChromium, isGone, isShown, seriousFindings, startApp, type App } from '#test/support/app.ts';
import { activeRow, typeAhead } from '#test/support/focus-walk.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

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

  const active = () => activeRow(app.page);

  it('is one tab stop and starts at its first row', async () => {
    await expect.poll(active).toBe('Local');
    const stops = await app.page.locator('[role="tree"] [tabindex="0"]').count();
    expect(stops).toBe(0);
  });

  it('goes down and up, in and out', async () => {
    await press(app, 'ArrowRight');
    await expect.poll(active).toBe('samples');
    await press(app, 'ArrowRight');
    // The last sample that a new data folder is filled with.
    expect(await isShown(app.page.getByRole('treeitem', { name: 'many-tags' }))).toBe(true);
    await press(app, 'ArrowRight');
    await expect.poll(active).toBe('artifact');
    await press(app, 'ArrowLeft');
    await expect.poll(active).toBe('samples');
    await press(app, 'ArrowDown', 'ArrowDown', 'ArrowUp');
    await expect.poll(active).toBe('artifact');
  });

  it('finds rows by what is typed', async () => {
    await typeAhead(app.page, 'zs', 'zstd');
    await press(app, 'Home');
    await expect.poll(active).toBe('Local');
    await press(app, 'End');
    await expect.poll(active).toBe('zstd');
  });

  it('opens the tags of a repository', async () => {
    await typeAhead(app.page, 'many', 'many-tags');
    await press(app, 'ArrowRight');
    expect(await isShown(app.page.getByRole('treeitem', { name: 'v1.2.0', exact: true }))).toBe(true);
    await expect.poll(active).toBe('many-tags');
  });

  it('keeps the active row through scrolling, drawn or not', async () => {
    await press(app, 'End');
    await expect.poll(active).toBe('zstd');
    await app.page.getByRole('tree').evaluate((tree) => {
      tree.scrollTop = 0;
    });
    // The rows at the top are drawn with the next frame.
    await expect.poll(() => app.page.getByRole('treeitem').first().getAttribute('aria-setsize')).toBe('1');
    await expect.poll(active).toBe('zstd');
    expect(await app.page.getByRole('treeitem').count()).toBeLessThan(80);
  });

  it('opens the page of a row with Enter, in a tab that stays', async () => {
    await typeAhead(app.page, 'hello', 'hello-multiarch');
    await press(app, 'Enter');
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
    await expect.poll(() => app.page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('tree');
  });

  it('puts a pinned repository on top', async () => {
    await press(app, 'Shift+F10');
    await app.page.getByRole('menuitem', { name: 'Add to Favourites' }).click();
    expect(await isShown(app.page.getByRole('treeitem', { name: 'Favourites' }))).toBe(true);
    await expect.poll(() => app.page.getByRole('treeitem').first().textContent()).toBe('Favourites');
  });

  it('has no serious accessibility finding', async () => {
    expect(await seriousFindings(app.page)).toEqual([]);
    expect(app.problems).toEqual([]);
  });
});
