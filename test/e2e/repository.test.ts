import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type App, copiedText, hasChromium, isGone, isShown, seriousFindings, startApp } from '../support/app.ts';
import { pushTags } from '../support/push-tags.ts';

const repositoryAddress = (repository: string) => `#/registry/local/repository/${encodeURIComponent(repository)}`;

describe.skipIf(!hasChromium())('the repository page', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
  });

  const grid = () => app.page.getByRole('grid');
  const rows = () =>
    app.page
      .getByRole('grid')
      .getByRole('row')
      .filter({ has: app.page.getByRole('rowheader') });
  const rowNames = () => rows().getByRole('rowheader').allInnerTexts();
  const row = (name: string) => rows().filter({ has: app.page.getByRole('rowheader', { name, exact: true }) });
  const go = async (repository: string) => {
    await app.page.goto(`${app.origin}${repositoryAddress(repository)}`);
    await rows().first().waitFor();
  };

  describe('of many tags', () => {
    beforeEach(async () => {
      await go('samples/many-tags');
    });

    test('shows names first, then the details of the rows in sight', async () => {
      expect(await isShown(rows().first().getByText('KiB'))).toBe(true);
      expect(await isShown(rows().first().getByText(/ago$/))).toBe(true);
      expect(await isShown(app.page.getByText(/^\d+ tags$/))).toBe(true);
    });

    test('has no serious finding of axe, in light and dark', async () => {
      await rows().first().getByText('KiB').waitFor();
      for (const colorScheme of ['light', 'dark'] as const) {
        await app.page.emulateMedia({ colorScheme });
        expect(await seriousFindings(app.page)).toEqual([]);
      }
    });

    test('orders versions newest first and says that of dates still on their way', async () => {
      await app.page.getByLabel('Order').selectOption('semver');
      await row('v2.0.0').waitFor();
      await expect.poll(async () => (await rowNames())[0]).toBe('v2.0.0');
      await app.page.getByLabel('Order').selectOption('date');
      // The last pushed of the samples, once every date is there.
      expect(
        await isShown(
          rows()
            .first()
            .getByRole('rowheader', { name: /^(?:nightly|Debug|sha-)/ }),
        ),
      ).toBe(true);
      expect(await isGone(app.page.getByText(/^Dates known for/))).toBe(true);
      await app.page.getByLabel('Order').selectOption('natural');
    });

    test('filters by text, by pattern and by digest, and says when nothing matches', async () => {
      const filter = app.page.getByLabel('Filter tags');
      await filter.fill('NIGHT');
      await expect.poll(rowNames).toEqual(['nightly', 'nightly-20261119', 'nightly-20261120']);
      await filter.fill('/^v2(\\.0)?$/');
      await expect.poll(rowNames).toEqual(['v2', 'v2.0']);
      await filter.fill('v1.8.0-rc');
      await expect.poll(rowNames).toEqual(['v1.8.0-rc.1', 'v1.8.0-rc.2', 'v1.8.0-rc.10']);
      const digest = await rows()
        .first()
        .getByRole('gridcell')
        .filter({ has: app.page.locator('code') })
        .innerText();
      await filter.fill(`sha256:${digest}`);
      expect(await isShown(row('v1.8.0-rc.1'))).toBe(true);
      await expect.poll(rowNames).toEqual(['v1.8.0-rc.1']);
      await filter.fill('no such tag');
      expect(await isShown(app.page.getByText('No tag matches'))).toBe(true);
      await filter.fill('/(/');
      expect(await isShown(app.page.getByText('Not a pattern yet'))).toBe(true);
      await filter.press('Escape');
      await expect.poll(() => filter.inputValue()).toBe('');
    });

    test('is worked by keys alone: move, tick, extend, tick all, search, open', async () => {
      await grid().focus();
      await app.page.keyboard.press('Home');
      await app.page.keyboard.press('Space');
      await app.page.keyboard.press('Shift+ArrowDown');
      await app.page.keyboard.press('Shift+ArrowDown');
      expect(await isShown(app.page.getByText(/^3 rows selected · \d+ KiB$/))).toBe(true);
      await app.page.keyboard.press('Escape');
      expect(await isGone(app.page.getByText(/rows selected/))).toBe(true);
      await app.page.keyboard.press('Control+a');
      expect(await isShown(app.page.getByText(/^\d+ rows selected/))).toBe(true);
      await app.page.keyboard.press('Escape');
      await app.page.keyboard.press('End');
      const last = async () => rows().last().getAttribute('id');
      await expect.poll(async () => (await grid().getAttribute('aria-activedescendant')) === (await last())).toBe(true);
      await app.page.keyboard.type('nightly-20261120');
      await expect.poll(rowNames).toEqual(['nightly-20261120']);
      await app.page.keyboard.press('ArrowDown');
      await app.page.keyboard.press('ArrowDown');
      await app.page.keyboard.press('Enter');
      expect(await isShown(app.page.getByRole('tab', { name: 'Overview', selected: true }))).toBe(true);
      expect(app.page.url()).toContain('nightly-20261120');
    });

    test('a chosen row shows its tag in the inspector, with a pull command', async () => {
      await app.page.getByLabel('Filter tags').fill('latest');
      await row('latest').getByText('KiB').click();
      const inspector = app.page.getByRole('complementary', { name: 'Inspector' });
      expect(await isShown(inspector.getByRole('heading', { name: 'latest' }))).toBe(true);
      expect(await isShown(inspector.getByText(/^docker pull 127\.0\.0\.1:\d+\/samples\/many-tags:latest$/))).toBe(
        true,
      );
      await inspector.getByLabel('Tool').selectOption('skopeo');
      expect(await isShown(inspector.getByText(/^skopeo copy --src-tls-verify=false docker:/).first())).toBe(true);
      await inspector.getByLabel('Tool').selectOption('docker');
    });
  });

  test('the menu of a row opens by key and copies its reference', async () => {
    await go('samples/hello-multiarch');
    await grid().focus();
    await app.page.keyboard.press('End');
    await app.page.keyboard.press('Shift+F10');
    await app.page.getByRole('menuitem', { name: 'Copy reference' }).click();
    const copied = () => copiedText(app.page);
    await expect.poll(copied).toMatch(/^127\.0\.0\.1:\d+\/samples\/hello-multiarch:latest$/);
    await row('1.1').getByText('KiB').click({ button: 'right' });
    await app.page.getByRole('menuitem', { name: 'Copy pull command' }).click();
    await expect.poll(copied).toMatch(/^docker pull 127\.0\.0\.1:\d+\/samples\/hello-multiarch:1\.1$/);
  });

  test('tags of one digest stand in one row', async () => {
    await go('samples/hello-multiarch');
    await app.page.getByRole('radio', { name: 'Digests' }).check({ force: true });
    expect(await isShown(rows().getByRole('rowheader', { name: '1.2.0 latest' }))).toBe(true);
    await expect.poll(rowNames).toHaveLength(3);
  });

  test('a tag without an answer shows that in its own row, and the others are there', async () => {
    await go('samples/hello-multiarch');
    await rows().first().getByText('KiB').waitFor();
    await app.page.route('**/tags/summary', async (route) => {
      if (route.request().postData()?.includes('"1.1"') === true) await route.abort();
      else await route.continue();
    });
    await app.page.getByRole('button', { name: 'Refresh tags' }).click();
    await app.page.reload();
    const broken = row('1.1');
    expect(await isShown(broken.getByRole('button', { name: 'Try again' }))).toBe(true);
    expect(await isShown(row('1.0').getByText('KiB'))).toBe(true);
    await app.page.unroute('**/tags/summary');
    await broken.getByRole('button', { name: 'Try again' }).click();
    expect(await isShown(broken.getByText('KiB'))).toBe(true);
  });

  test('a repository that is not there is an error with a way on', async () => {
    await app.page.goto(`${app.origin}${repositoryAddress('samples/nothing-here')}`);
    const main = app.page.getByRole('main');
    expect(await isShown(main.getByRole('button', { name: 'Try again' }))).toBe(true);
    expect(await seriousFindings(app.page)).toEqual([]);
  });

  test('2,100 tags load page by page, scroll to the end, keep a few dozen rows and ask only for those in sight', async () => {
    await pushTags(app, 'load/many', 2100);
    await go('load/many');
    const whole = app.page.getByText('2,100 tags', { exact: true });
    const loadAll = app.page.getByRole('button', { name: 'Load all' });
    await whole.or(loadAll).first().waitFor();
    if (await loadAll.isVisible()) await loadAll.click();
    expect(await isShown(whole)).toBe(true);
    await grid().focus();
    let asked = 0;
    app.page.on('request', (request) => {
      if (request.url().endsWith('/tags/summary')) asked += 1;
    });
    for (let page = 0; page < 60; page += 1) await app.page.keyboard.press('PageDown');
    await app.page.keyboard.press('End');
    expect(await isShown(row('t2099').getByText('B', { exact: false }).first())).toBe(true);
    expect(await rows().count()).toBeLessThan(80);
    // Rows that were only passed by were not asked for.
    expect(asked).toBeLessThan(1500);
  });
});
