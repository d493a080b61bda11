import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { describeDesktop } from './support/drivers.ts';
import { forkMain, standIn } from './support/stand-in.ts';

describeDesktop('the desktop app', (app, dataDir) => {
  const item = (name: string) => app().page.getByRole('tree').getByRole('treeitem', { name, exact: true });

  it('starts with the Local registry in the tree', async () => {
    await item('Local').waitFor();
    expect(await app().page.title()).toContain('Gantry');
  });

  it('opens an image of it, and has it open after a reload', async () => {
    const { page } = app();
    for (const name of ['Local', 'samples', 'hello-multiarch']) {
      await item(name).click();
      await page.keyboard.press('ArrowRight');
    }
    await item('latest').click();
    await page.keyboard.press('Enter');
    const heading = page.getByRole('tab', { name: 'Platforms' });
    await heading.waitFor();
    await page.reload();
    await heading.waitFor();
    expect(page.url()).toContain('hello-multiarch');
  });

  it('has a menu with back and forward and their keys', async () => {
    const labels = await app().inMain(({ Menu }) => {
      const items = Menu.getApplicationMenu()?.items ?? [];
      return items.flatMap(({ submenu }) => submenu?.items ?? []).map(({ label, accelerator }) => [label, accelerator]);
    });
    const keys = new Map(labels.map(([label, accelerator]) => [label, accelerator]));
    const isMac = process.platform === 'darwin';
    expect(keys.get('Back')).toBe(isMac ? 'Cmd+[' : 'Alt+Left');
    expect(keys.get('Forward')).toBe(isMac ? 'Cmd+]' : 'Alt+Right');
  });

  it('goes back by the menu', async () => {
    const { page } = app();
    const before = page.url();
    await page.evaluate(() => (location.hash = '#/settings'));
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    await app().inMain(({ Menu }) => {
      const items = (Menu.getApplicationMenu()?.items ?? []).flatMap(({ submenu }) => submenu?.items ?? []);
      items.find(({ label }) => label === 'Back')?.click();
    });
    await expect.poll(() => page.url()).toBe(before);
  });

  it('keeps its data folder to its owner', () => {
    expect(statSync(dataDir()).mode & 0o777).toBe(0o700);
  });

  it('comes to the front when it is started a second time', async () => {
    const count = await app().inMain(({ app: electronApp, BrowserWindow }) => {
      electronApp.emit('second-instance', {}, [], '', undefined);
      return BrowserWindow.getAllWindows().length;
    });
    expect(count).toBe(1);
  });
});

describe.skipIf(standIn.missing !== undefined)('the end of the desktop app', () => {
  const folders: string[] = [];
  const temporaryDir = () => {
    const folder = mkdtempSync(join(tmpdir(), 'gantry-desktop-'));
    folders.push(folder);
    return folder;
  };
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });

  it('is clean: exit code 0, the place of the window kept and taken up by the next start', async () => {
    const dataDir = temporaryDir();
    const first = await standIn.launch({ dataDir });
    await first.page.getByRole('treeitem', { name: 'Local' }).waitFor();
    expect(await first.quit()).toBe(0);
    const file = join(dataDir, 'window.json');
    const state = JSON.parse(readFileSync(file, 'utf8')) as object;
    expect(state).toMatchObject({ width: 1280, height: 800, maximized: false });

    writeFileSync(file, JSON.stringify({ ...state, x: 40, y: 30, width: 900, height: 700 }));
    const second = await standIn.launch({ dataDir });
    const bounds = await second.inMain(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getNormalBounds());
    expect(await second.quit()).toBe(0);
    expect(bounds).toEqual({ x: 40, y: 30, width: 900, height: 700 });
  });

  it('comes at once for a second instance, which opens no window', async () => {
    const child = forkMain({ dataDir: temporaryDir(), endpoint: 'http://127.0.0.1:9', secondInstance: true });
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).toBe(0);
  });
});
