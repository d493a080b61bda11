import { hasChromium, isGone, isShown, seriousFindings, startApp, type App } from '#test/support/app.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

describe.skipIf(!hasChromium())('the window', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
  });

  it('goes to what is typed in the palette', async () => {
    await app.page.getByRole('treeitem', { name: 'samples' }).click();
    await app.page.keyboard.press('Control+k');
    await app.page.getByRole('combobox').fill('hello');
    expect(await isShown(app.page.getByRole('option', { name: 'samples/hello-multiarch' }))).toBe(true);
    expect(await seriousFindings(app.page)).toEqual([]);
    await app.page.keyboard.press('Enter');
    expect(await isGone(app.page.getByRole('dialog'))).toBe(true);
    expect(await isShown(app.page.getByRole('tab', { name: 'hello-multiarch' }))).toBe(true);
  });

  it('runs a command from the palette', async () => {
    await app.page.keyboard.press('Control+k');
    await app.page.getByRole('combobox').fill('settings');
    await app.page.keyboard.press('Enter');
    expect(await isShown(app.page.getByRole('heading', { name: 'Settings' }))).toBe(true);
    expect(await seriousFindings(app.page)).toEqual([]);
  });

  it('says what is wrong with a reference, in place, and keeps the text', async () => {
    await app.page.keyboard.press('Control+l');
    await app.page.keyboard.type('Not/A Reference!');
    await app.page.keyboard.press('Enter');
    expect(await isShown(app.page.getByRole('alert').filter({ hasText: 'Not a reference' }))).toBe(true);
    await expect.poll(() => app.page.getByRole('textbox', { name: /^Address/ }).inputValue()).toBe('Not/A Reference!');
    await app.page.keyboard.press('Escape');
    expect(await isShown(app.page.getByRole('heading', { name: 'Settings' }))).toBe(true);
  });

  it('goes to a pasted reference of a registry in the list', async () => {
    const address = await app.page.getByText(/Local registry at/).textContent();
    const host = /127\.0\.0\.1:\d+/.exec(address ?? '')?.[0] ?? '';
    await app.page.keyboard.press('Control+l');
    await app.page.keyboard.type(`docker pull ${host}/samples/hello-multiarch:1.0`);
    await app.page.keyboard.press('Enter');
    expect(await isShown(app.page.getByRole('tab', { name: 'hello-multiarch:1.0' }))).toBe(true);
    const crumbs = app.page.getByRole('navigation', { name: 'Breadcrumb' });
    await expect.poll(() => crumbs.textContent()).toBe(`${host}/samples/hello-multiarch:1.0`);
  });

  it('goes back and forward', async () => {
    await app.page.getByRole('button', { name: 'Back' }).click();
    expect(await isShown(app.page.getByRole('heading', { name: 'Settings' }))).toBe(true);
    await app.page.getByRole('button', { name: 'Forward' }).click();
    expect(await isShown(app.page.getByRole('tab', { name: 'hello-multiarch:1.0', selected: true }))).toBe(true);
  });

  it('keeps a tab that is double-clicked, closes it with the middle button and reopens it', async () => {
    const tab = app.page.getByRole('tab', { name: 'hello-multiarch:1.0' });
    await tab.dblclick();
    await app.page.getByRole('button', { name: 'Settings' }).click();
    expect(await isShown(app.page.getByRole('heading', { name: 'Settings' }))).toBe(true);
    expect(await tab.count()).toBe(1);
    await tab.click({ button: 'middle' });
    expect(await isGone(tab)).toBe(true);
    await app.page.keyboard.press('Control+k');
    await app.page.getByRole('combobox').fill('reopen');
    await app.page.keyboard.press('Enter');
    expect(await isShown(app.page.getByRole('tab', { name: 'hello-multiarch:1.0', selected: true }))).toBe(true);
  });

  it('moves between its zones with F6, all of them and back', async () => {
    await app.page.getByRole('tree').focus();
    const zones: string[] = [];
    for (let step = 0; step < 8; step += 1) {
      await app.page.keyboard.press('F6');
      zones.push(
        await app.page.evaluate(() => document.activeElement?.closest('[data-pane]')?.tagName.toLowerCase() ?? ''),
      );
      if (zones.at(-1) === 'nav') break;
    }
    expect(new Set(zones)).toEqual(new Set(['main', 'aside', 'footer', 'header', 'nav']));
  });

  it('sizes the tree by keyboard', async () => {
    const handle = app.page.getByRole('separator', { name: 'Resize registry tree' });
    const before = Number(await handle.getAttribute('aria-valuenow'));
    await handle.focus();
    await app.page.keyboard.press('ArrowRight');
    await expect.poll(async () => Number(await handle.getAttribute('aria-valuenow'))).toBe(before + 16);
  });

  it('shows the registry page with its repositories', async () => {
    await app.page.getByRole('treeitem', { name: 'Local' }).click();
    expect(await isShown(app.page.getByRole('heading', { name: 'Local', level: 1 }))).toBe(true);
    const list = app.page.getByRole('region', { name: 'Repositories' });
    await list.getByRole('searchbox', { name: 'Filter repositories' }).fill('zstd');
    expect(await isShown(list.getByRole('link').first())).toBe(true);
    await expect.poll(() => list.getByRole('link').allTextContents()).toEqual(['samples/zstd']);
    expect(await seriousFindings(app.page)).toEqual([]);
  });

  it('says so when an address leads nowhere', async () => {
    await app.page.evaluate(() => {
      location.hash = '#/nowhere';
    });
    expect(await isShown(app.page.getByText('There is no such page'))).toBe(true);
  });

  it('tells a page with a used link what to do', async () => {
    const tab = await app.openTab();
    await tab.goto(app.origin);
    expect(await isShown(tab.getByText('This page is not connected to Gantry'))).toBe(true);
    await tab.close();
  });

  it('throws nothing on the way', () => {
    expect(app.problems).toEqual([]);
  });
});
