import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type App, hasChromium, isShown, seriousFindings, startApp } from '../support/app.ts';
import { downTo } from '../support/focus-walk.ts';
import { gantryPage } from '../support/gantry-page.ts';

describe.skipIf(!hasChromium())('the files of an image', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
  });

  const main = () => app.page.getByRole('main');
  const grid = () => main().getByRole('treegrid', { name: 'Files' });
  const row = (name: string | RegExp) => grid().getByRole('row', { name });
  const side = () => main().getByRole('region', { name: 'Selected file' });
  const go = async (query = '', repository = 'samples/whiteouts', tab = 'files') => {
    const path = `registry/local/image/${encodeURIComponent(repository)}/latest/${tab}${query}`;
    // Away first: the page keeps what was typed and chosen as long as one stays on it.
    await gantryPage(app.page).goAnew(`/${path}`);
    await main().getByRole('tablist', { name: 'Image' }).waitFor();
  };
  beforeEach(() => go());

  test('are those of the finished image, each with the layer it is from', async () => {
    await row(/^opt/).waitFor();
    await row(/^opt/).dblclick();
    await row(/^tool/).waitFor();
    expect(await row(/^settings /).count()).toBe(0);
    await row(/^tool/).dblclick();
    await row(/^VERSION/).click();
    expect(await isShown(side().getByRole('heading', { name: 'VERSION' }))).toBe(true);
    expect(await isShown(side().getByText('Layer 4', { exact: true }))).toBe(true);
    expect(
      await isShown(
        side()
          .getByRole('textbox', { name: /Content of/ })
          .getByText('2', { exact: true }),
      ),
    ).toBe(true);
    expect(await isShown(side().getByText('In 2 layers'))).toBe(true);
  });

  test('show what was deleted, and by which layer', async () => {
    await row(/^opt/).waitFor();
    await main().getByRole('checkbox', { name: 'Deleted' }).click();
    await row(/^opt/).dblclick();
    expect(await isShown(row(/^settings .*deleted by layer 4/))).toBe(true);
    expect(app.page.url()).toContain('deleted=yes');
  });

  test('keep the file that was chosen when the next click comes before the page had time to be drawn', async () => {
    const line = await row(/^opt/).elementHandle();
    const box = await main().getByRole('checkbox', { name: 'Deleted' }).elementHandle();
    await app.page.evaluate(
      async (clicked) => {
        for (const element of clicked) {
          (element as HTMLElement | null)?.click();
          // No event, timer or frame in between: nothing but what the click itself has set going.
          for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
        }
      },
      [line, box],
    );
    await expect.poll(() => app.page.url()).toContain('deleted=yes');
    expect(app.page.url()).toContain('path=opt');
  });

  test('show what one layer changed, with signs that are words too', async () => {
    await go('?show=changes&layer=3');
    await row(/^root/).waitFor();
    await row(/^root/).dblclick();
    expect(await isShown(row(/^\.bashrc.*removed/))).toBe(true);
    await main().getByLabel('Layer', { exact: true }).selectOption({ index: 1 });
    expect(await isShown(row(/^opt.*added/))).toBe(true);
  });

  test('are found by name and by pattern, and shown in the tree again', async () => {
    await row(/^opt/).waitFor();
    await main().getByRole('searchbox', { name: 'Find files' }).fill('*.conf');
    const found = main().getByRole('treegrid', { name: 'Files found' });
    const conf = found.getByRole('row', { name: /opt\/settings\.d\/10-default\.conf/ });
    await conf.waitFor();
    await conf.dblclick();
    await row(/^10-default\.conf/).waitFor();
    await expect.poll(() => row(/^10-default\.conf/).getAttribute('aria-selected')).toBe('true');
    await main().getByRole('searchbox', { name: 'Find files' }).fill('no such file anywhere');
    expect(await isShown(found.getByText('Nothing found'))).toBe(true);
  });

  test('can be walked by keyboard alone', async () => {
    await row(/^opt/).waitFor();
    await grid().focus();
    const current = () => grid().getByRole('row', { selected: true });
    await app.page.keyboard.press('Home');
    await downTo(app.page, grid(), /^opt/);
    await app.page.keyboard.press('ArrowRight');
    await row(/^settings\.d/).waitFor();
    await app.page.keyboard.press('ArrowRight');
    await expect.poll(() => current().innerText()).toContain('settings.d');
    await app.page.keyboard.press('ArrowLeft');
    await expect.poll(() => current().innerText()).toMatch(/^opt/);
    await app.page.keyboard.press('ArrowLeft');
    await expect.poll(() => row(/^settings\.d/).count()).toBe(0);
    await app.page.keyboard.type('bash');
    await expect.poll(() => main().getByRole('searchbox', { name: 'Find files' }).inputValue()).toBe('bash');
  });

  test('are drawn by size, and the largest listed', async () => {
    await row(/^opt/).waitFor();
    await main().getByText('Map', { exact: true }).click();
    const map = main().getByRole('listbox', { name: 'Files by size' });
    await map.waitFor();
    await map.focus();
    await app.page.keyboard.press('ArrowRight');
    await expect.poll(() => map.getByRole('option', { selected: true }).count()).toBe(1);
    await main().getByText('Largest', { exact: true }).click();
    const largest = main().getByRole('treegrid', { name: 'Largest files' }).getByRole('row');
    await expect.poll(() => largest.count()).toBeGreaterThan(3);
  });

  test('are found where an address says', async () => {
    await go('?path=opt%2Fsettings.d%2F10-default.conf');
    await row(/^10-default\.conf/).waitFor();
    expect(await isShown(side().getByText('mode = quiet'))).toBe(true);
  });

  test('have no serious accessibility findings and break no rule of the page', async () => {
    await row(/^opt/).waitFor();
    await row(/^opt/).click();
    expect(await seriousFindings(app.page)).toEqual([]);
    await main().getByText('Map', { exact: true }).click();
    await main().getByRole('listbox', { name: 'Files by size' }).waitFor();
    expect(await seriousFindings(app.page)).toEqual([]);
    expect(app.problems).toEqual([]);
  });

  describe('the layers', () => {
    test('say what each changes and what was shipped for nothing', async () => {
      await go('', 'samples/whiteouts', 'layers');
      const table = main().getByRole('table', { name: 'Layers, from base to top' });
      await table.getByRole('link', { name: 'Changes of layer 3' }).waitFor();
      expect(await isShown(main().getByText(/are hidden by later layers/))).toBe(true);
      await main().getByRole('button', { name: 'Show files' }).click();
      const waste = main().getByRole('region', { name: 'Hidden files' });
      expect(await isShown(waste.getByRole('row', { name: /\/pkgcache\.bin.*layer 2.*deleted by layer 3/ }))).toBe(
        true,
      );
      await table.getByRole('link', { name: 'Changes of layer 3' }).click();
      await row(/^var/).waitFor();
      expect(app.page.url()).toContain('show=changes');
    });
  });
});
