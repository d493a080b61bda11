import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, copiedText, hasChromium, isGone, isShown, seriousFindings, startApp } from '../support/app.ts';

const HIDDEN = ['\u001B', '\u0000', '\u0007', '\u202E', '\u202C', '\u200B'];

type Tab = 'overview' | 'platforms' | 'config' | 'layers' | 'raw';

const imageAddress = (repository: string, reference: string, tab: Tab) =>
  `#/registry/local/image/${encodeURIComponent(repository)}/${encodeURIComponent(reference)}/${tab}`;

describe.skipIf(!hasChromium())('the image page', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
  });

  const main = () => app.page.getByRole('main');
  const inspector = () => app.page.getByRole('complementary', { name: 'Inspector' });
  const go = async (repository: string, reference: string, tab: Tab) => {
    await app.page.goto(`${app.origin}${imageAddress(repository, reference, tab)}`);
    // The page before this one has tabs, too.
    await main()
      .getByRole('heading', { level: 1 })
      .filter({ hasText: `${repository}:${reference}` })
      .waitFor();
    await main()
      .getByRole('tab', { name: new RegExp(`^${tab}`, 'i'), selected: true })
      .waitFor();
  };
  const documentText = () => main().getByRole('textbox', { name: 'Document' });

  test('says of an index what it is, and shows the platform that is chosen', async () => {
    await go('samples/hello-multiarch', 'latest', 'overview');
    expect(await isShown(main().getByText('linux/amd64, one of 4 platforms'))).toBe(true);
    await main().getByLabel('Platform', { exact: true }).selectOption({ label: 'linux/arm64/v8' });
    expect(await isShown(main().getByText('linux/arm64/v8, one of 4 platforms'))).toBe(true);
    expect(app.page.url()).toContain('?platform=sha256');
    const forPlatform = inspector().getByText(/^docker pull --platform linux\/arm64\/v8 /);
    expect(await isShown(forPlatform)).toBe(true);
    await main().getByRole('tab', { name: 'Config' }).click();
    await main().getByText('Entrypoint', { exact: true }).waitFor();
    expect(await isShown(forPlatform)).toBe(true);
  });

  test('remembers the platform for the next index', async () => {
    await go('samples/attested', 'latest', 'overview');
    expect(await isShown(main().getByText('linux/arm64/v8, one of 2 platforms'))).toBe(true);
    await main().getByLabel('Platform', { exact: true }).selectOption({ label: 'linux/amd64' });
    expect(await isShown(main().getByText('linux/amd64, one of 2 platforms'))).toBe(true);
  });

  test('sets platforms side by side, with attestations under theirs', async () => {
    await go('samples/attested', 'latest', 'platforms');
    const table = main().getByRole('table', { name: 'Platforms' });
    await expect.poll(() => table.getByRole('columnheader').allInnerTexts()).toEqual(['linux/amd64', 'linux/arm64/v8']);
    await expect.poll(() => table.getByRole('link', { name: 'Attestation' }).count()).toBe(2);
    expect(await isShown(main().getByRole('table', { name: 'Shared layers' }))).toBe(true);
    await go('samples/hello-multiarch', 'latest', 'platforms');
    expect(await isShown(main().getByText('C:\\hello\\hello.exe'))).toBe(true);
  });

  test('opens a nested index and the images in it', async () => {
    await go('samples/nested-index', 'latest', 'overview');
    await main().getByRole('link', { name: 'Nested index' }).first().click();
    expect(await isShown(main().getByText(/one of \d platforms?/))).toBe(true);
  });

  test('shows beside each line of history the layer it made, and says when it cannot', async () => {
    await go('samples/hello-multiarch', 'latest', 'config');
    await main().getByRole('button', { name: 'Layer 1' }).click();
    expect(await isShown(inspector().getByRole('heading', { name: 'Layer 1' }))).toBe(true);
    await go('samples/missing-history', 'latest', 'config');
    expect(await isShown(main().getByText('This image carries no history'))).toBe(true);
  });

  test('lists layers, and shows the chosen one whole in the inspector', async () => {
    await go('samples/zstd', '3.1-zstd', 'layers');
    const layer = main()
      .getByRole('row')
      .filter({ has: app.page.getByRole('button', { name: 'Layer 1' }) });
    expect(await isShown(layer.getByText('zstd'))).toBe(true);
    await main().getByRole('button', { name: 'Layer 1' }).click();
    expect(await isShown(inspector().getByText('application/vnd.oci.image.layer.v1.tar+zstd'))).toBe(true);
  });

  test('an artifact is no image: oras pulls it, docker says that it cannot', async () => {
    await go('samples/artifact', '1.0.0', 'overview');
    expect(
      await isShown(
        inspector()
          .getByText(/^oras pull --plain-http /)
          .first(),
      ),
    ).toBe(true);
    await expect.poll(() => main().getByRole('tab', { name: 'Config' }).getAttribute('aria-disabled')).toBe('true');
    await inspector().getByLabel('Tool').selectOption('docker');
    expect(await isShown(inspector().getByText('This is not a container image. Use oras to pull it.').first())).toBe(
      true,
    );
    await inspector().getByLabel('Tool').selectOption('oras');
  });

  test('a tag that is not there is an error with a way on', async () => {
    await app.page.goto(`${app.origin}${imageAddress('samples/hello-multiarch', 'nothing', 'overview')}`);
    expect(await isShown(main().getByRole('button', { name: 'Try again' }))).toBe(true);
    expect(await seriousFindings(app.page)).toEqual([]);
  });

  describe('raw', () => {
    test('the digests of an index open manifests, their config and layers show', async () => {
      await go('samples/hello-multiarch', 'latest', 'raw');
      expect(await isShown(main().getByText(/^[\d,]+ bytes · sha256 verified$/))).toBe(true);
      await documentText().getByRole('link').first().click();
      expect(await isShown(main().getByRole('tab', { name: 'Overview', selected: true }))).toBe(true);
      await main().getByRole('tab', { name: 'Raw' }).click();
      await documentText().getByTitle('Layer 1: show in the inspector').first().click();
      expect(await isShown(inspector().getByRole('heading', { name: 'Layer 1' }))).toBe(true);
      await documentText().getByTitle('Show the config').first().click();
      expect(await isShown(documentText().getByText('"architecture"'))).toBe(true);
    });

    test('shows and copies the bytes as they were sent', async () => {
      await go('samples/hello-multiarch', 'latest', 'raw');
      await documentText().getByText('"schemaVersion"').waitFor();
      await main().getByText('As sent').click();
      await main().getByRole('button', { name: 'Copy the document as sent' }).click();
      const size = await main()
        .getByText(/sha256 verified$/)
        .innerText();
      const copiedSize = async () => Buffer.byteLength(await copiedText(app.page)).toLocaleString('en-US');
      await expect.poll(copiedSize).toBe(/^[\d,]+/.exec(size)?.[0]);
    });

    test('Ctrl+F finds in the whole document and steps through', async () => {
      await go('samples/hello-multiarch', 'latest', 'raw');
      await documentText().getByText('"schemaVersion"').waitFor();
      await app.page.keyboard.press('Control+f');
      await app.page.keyboard.type('ARCHITECTURE');
      expect(await isShown(main().getByText('1 of 4'))).toBe(true);
      await app.page.keyboard.press('Enter');
      expect(await isShown(main().getByText('2 of 4'))).toBe(true);
      await app.page.keyboard.press('Shift+Enter');
      await app.page.keyboard.press('Shift+Enter');
      expect(await isShown(main().getByText('4 of 4'))).toBe(true);
      await app.page.keyboard.press('Escape');
      expect(await isGone(main().getByLabel('Find in this document'))).toBe(true);
    });
  });

  describe('hostile text', () => {
    const markup = '<img src=x onerror="alert(1)"><script>alert(2)</script>';

    test('I04 N02 in labels is text with visible escapes, on every tab and in the inspector', async () => {
      const asked: string[] = [];
      app.page.on('request', (request) => asked.push(request.url()));
      app.page.on('dialog', (dialog) => {
        asked.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      for (const tab of ['overview', 'config', 'layers', 'raw'] as const) {
        await go('samples/odd-text', 'latest', tab);
        await inspector().getByText(markup).first().waitFor();
        expect(await app.page.locator('img, script:not([src]), style').count()).toBe(0);
        const text = await app.page.locator('body').innerText();
        expect(HIDDEN.filter((character) => text.includes(character))).toEqual([]);
      }
      await go('samples/odd-text', 'latest', 'config');
      const labels = main().getByRole('table', { name: 'Labels' });
      expect(await isShown(labels.getByText(markup))).toBe(true);
      expect(await isShown(labels.getByText('invoice\\u202Efdp.exe\\u202C'))).toBe(true);
      expect(await isShown(labels.getByText('javascript:alert(3)'))).toBe(true);
      expect(await labels.getByRole('link').count()).toBe(0);
      expect(asked.filter((url) => !url.startsWith(app.origin))).toEqual([]);
    });

    test('N02 reaches the clipboard as escapes', async () => {
      await go('samples/odd-text', 'latest', 'config');
      const row = main()
        .getByRole('table', { name: 'Labels' })
        .getByRole('row', { name: /com\.example\.direction/ });
      await row.getByRole('button').focus();
      await row.getByRole('button').press('Enter');
      await expect.poll(() => copiedText(app.page)).toBe('invoice\\u202Efdp.exe\\u202C');
      await go('samples/odd-text', 'latest', 'raw');
      expect(await isShown(main().getByText(/This document holds \d+ hidden characters/))).toBe(true);
    });
  });

  // Each tab with the words that say its content is whole.
  test.each([
    ['overview', 'one of 2 platforms'],
    ['platforms', 'stored once'],
    ['config', 'each line beside the layer it made'],
    ['layers', 'Layer 1'],
    ['raw', 'sha256 verified'],
  ] as const)('the %s tab has no serious finding of axe, in light and dark', async (tab, words) => {
    await go('samples/attested', 'latest', tab);
    await main().getByText(words).waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await app.page.emulateMedia({ colorScheme });
      expect({ colorScheme, found: await seriousFindings(app.page) }).toEqual({ colorScheme, found: [] });
    }
  });

  test('nothing was logged as an error, refused or thrown on the way', () => {
    expect(app.problems).toEqual([]);
  });
});
