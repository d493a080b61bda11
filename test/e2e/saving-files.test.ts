import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Download } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type App, hasChromium, isGone, isShown, seriousFindings, startApp } from '../support/app.ts';
import { downTo } from '../support/focus-walk.ts';
import { gantryPage } from '../support/gantry-page.ts';
import { findGoTool } from '../support/go-tools.ts';
import { imageOf } from '../support/real-merge.ts';
import { pushContent } from '../support/push-content.ts';
import { run } from '../support/run.ts';
import { sha256 } from '../support/sha256.ts';
import { fillDisk, mountSmallDisk, unmount } from '../support/small-disk.ts';

const crane = findGoTool('crane');

describe.skipIf(!hasChromium())('saving files out of an image', () => {
  let app: App;
  let localHost: string;
  beforeAll(async () => {
    app = await startApp({ acceptDownloads: true });
    localHost = (await app.page.getByText(/^Local registry at /).innerText()).replace('Local registry at ', '');
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
  });

  const main = () => app.page.getByRole('main');
  const grid = () => main().getByRole('treegrid', { name: 'Files' });
  const row = (name: string | RegExp) => grid().getByRole('row', { name });
  const strip = () => app.page.getByRole('region', { name: 'Files being saved' });
  const go = async (query = '', repository = 'samples/whiteouts') => {
    await gantryPage(app.page).goAnew(`/registry/local/image/${encodeURIComponent(repository)}/latest/files${query}`);
    await grid().waitFor();
  };
  const saved = async (act: () => Promise<void>) => {
    const started = app.page.waitForEvent('download');
    await act();
    const download: Download = await started;
    return { name: download.suggestedFilename(), path: await download.path() };
  };
  const listed = async (path: string) => (await run('tar', ['-tf', path])).split('\n').filter(Boolean);
  const item = (name: string) => app.page.getByRole('menuitem', { name });
  beforeEach(() => go());

  test('gives one file from its menu, byte for byte', async () => {
    await go('?path=opt%2Ftool%2FVERSION');
    await row(/^VERSION/).click({ button: 'right' });
    const { name, path } = await saved(() => item('Save file…').click());
    expect(name).toBe('VERSION');
    expect(readFileSync(path, 'utf8')).toBe('2\n');
    expect(await isShown(strip().getByText('Saved VERSION to your downloads'))).toBe(true);
    await strip().getByRole('button', { name: 'Dismiss' }).click();
    expect(await isGone(strip())).toBe(true);
  });

  test.skipIf(crane === undefined)('gives the bytes that crane exports', async () => {
    await go('?path=opt%2Fsettings.d%2F10-default.conf');
    const side = main().getByRole('region', { name: 'Selected file' });
    const { path } = await saved(() => side.getByRole('button', { name: 'Save file…' }).click());
    const command = `'${crane}' export --insecure ${localHost}/samples/whiteouts:latest - | tar -xO opt/settings.d/10-default.conf`;
    expect(readFileSync(path, 'utf8')).toBe(await run('sh', ['-c', command]));
  });

  test('gives a folder as tar, and the whole file system', async () => {
    await row(/^opt/).click({ button: 'right' });
    const folder = await saved(() => item('Save folder as tar…').click());
    expect(folder.name).toBe('opt.tar');
    const names = await listed(folder.path);
    expect(names).toContain('opt/tool/VERSION');
    expect(names.every((name) => name.startsWith('opt/'))).toBe(true);
    await main().getByRole('button', { name: 'Save…' }).click();
    const whole = await saved(() => item('Save the whole file system as tar…').click());
    expect(whole.name).toBe('whiteouts.tar');
    expect((await listed(whole.path)).length).toBeGreaterThan(names.length);
    expect(await isShown(strip().getByText(/entries/))).toBe(true);
  });

  test('gives a file as it was, and what one layer brings', async () => {
    await go('?layer=3&path=opt%2Ftool%2FVERSION');
    await row(/^VERSION/).click({ button: 'right' });
    const before = await saved(() => item('Save file…').click());
    expect(readFileSync(before.path, 'utf8')).toBe('1\n');
    await go('?show=layer&layer=4');
    await main().getByRole('button', { name: 'Save…' }).click();
    const layer = await saved(() => item('Save what layer 4 brings as tar…').click());
    const names = await listed(layer.path);
    expect(names).toContain('opt/tool/VERSION');
    expect(names).not.toContain('etc/passwd');
  });

  test('is reached by keys alone: Ctrl S, from the list and from its menu', async () => {
    await row(/^opt/).waitFor();
    await grid().focus();
    await app.page.keyboard.press('Home');
    await downTo(app.page, grid(), /^opt/);
    await main().getByRole('region', { name: 'Selected file' }).getByRole('heading', { name: 'opt' }).waitFor();
    expect((await saved(() => app.page.keyboard.press('Control+s'))).name).toBe('opt.tar');
    await app.page.keyboard.press('Shift+F10');
    await item('Save folder as tar…').waitFor();
    // The keys are the menu's once the focus is in it.
    const menu = app.page.getByRole('menu');
    await expect.poll(() => menu.evaluate((element) => element.contains(document.activeElement))).toBe(true);
    await app.page.keyboard.press('ArrowDown');
    expect((await saved(() => app.page.keyboard.press('Enter'))).name).toBe('opt.tar');
  });

  test('can be stopped, and says why it did not work', async () => {
    const held: (() => void)[] = [];
    const isHeld = new Promise<void>((resolve) => {
      void app.page.route('**/files/save', async (route) => {
        const go = new Promise<void>((done) => held.push(done));
        resolve();
        await go;
        // The page has given the request up meanwhile.
        await route.abort().catch(() => undefined);
      });
    });
    await go('?path=opt%2Ftool%2FVERSION');
    await row(/^VERSION/).click();
    await app.page.keyboard.press('Control+s');
    await isHeld;
    expect(await isShown(strip().getByText('preparing…'))).toBe(true);
    expect(await seriousFindings(app.page)).toEqual([]);
    await strip().getByRole('button', { name: 'Cancel' }).click();
    expect(await isGone(strip())).toBe(true);
    for (const done of held) done();
    await app.page.unroute('**/files/save');
  });

  test('says that the disk is full, leaves nothing of it there, and can be tried again', async ({ skip }) => {
    await go('?path=opt%2Ftool%2FVERSION');
    await row(/^VERSION/).click();
    await saved(() => app.page.keyboard.press('Control+s'));
    const folder = join(app.dataDir, 'saved');
    if (!mountSmallDisk(folder, 4)) skip('no small disk can be mounted here');
    try {
      fillDisk(join(folder, 'filler'));
      await main().getByRole('button', { name: 'Save…' }).click();
      await item('Save the whole file system as tar…').click();
      expect(await isShown(strip().getByText('whiteouts.tar could not be read or written'))).toBe(true);
      expect(await isShown(strip().getByText('The disk is full'))).toBe(true);
      expect(await seriousFindings(app.page)).toEqual([]);
      expect(readdirSync(folder)).toEqual(['filler']);
      rmSync(join(folder, 'filler'));
      const { name, path } = await saved(() => strip().getByRole('button', { name: 'Try again' }).click());
      expect(name).toBe('whiteouts.tar');
      expect(await listed(path)).toContain('opt/tool/VERSION');
    } finally {
      unmount(folder);
    }
  });

  test('shows a hostile name spelled out, saves it under a plain one, and writes nothing that leads out (T05)', async () => {
    const name = 'ev\u202Eil\n.txt';
    const content = imageOf([
      [
        { path: name, type: 'file', content: 'harmless' },
        { path: 'C:\\evil', type: 'file', content: 'x' },
      ],
    ]);
    await pushContent(localHost, 'team/odd-names', content, ['latest']);
    await go('', 'team/odd-names');
    await row(/txt/).click({ button: 'right' });
    const file = await saved(() => item('Save file…').click());
    expect(file.name).toBe('ev_il_.txt');
    expect(sha256(readFileSync(file.path))).toBe(sha256(Buffer.from('harmless')));
    expect(await strip().innerText()).not.toMatch(/\u202E/);
    await main().getByRole('button', { name: 'Save…' }).click();
    await item('Save the whole file system as tar…').click();
    expect(await isShown(strip().getByText('Not saved: a name in it leads out of the chosen place'))).toBe(true);
    expect(await seriousFindings(app.page)).toEqual([]);
    const tar = await saved(() => strip().getByRole('button', { name: 'Leave it out and save' }).click());
    expect((await listed(tar.path)).length).toBe(1);
    await strip().getByRole('button', { name: '1 left out' }).click();
    expect(await isShown(app.page.getByText('its name leads out of the place it is saved to'))).toBe(true);
    await app.page.keyboard.press('Escape');
    expect(app.problems).toEqual([]);
  });
});
