import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, hasChromium, isShown, seriousFindings, startApp } from '../support/app.ts';

describe.skipIf(!hasChromium())('the comparison of two images', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
  });

  const main = () => app.page.getByRole('main');
  const tab = (name: RegExp) => main().getByRole('tab', { name });
  const compare = async (left: readonly string[], right: readonly string[]) => {
    const query = new URLSearchParams({
      left: JSON.stringify(['local', ...left]),
      right: JSON.stringify(['local', ...right]),
    });
    await app.page.goto(`${app.origin}#/compare?${query.toString()}`);
    await main().getByRole('tablist', { name: 'Comparison' }).waitFor();
  };

  test('begins with the menu of an image, and takes a tag of the same repository', async () => {
    await app.page.goto(`${app.origin}#/registry/local/image/samples%2Fwhiteouts/latest/overview`);
    await main().getByRole('button', { name: 'Compare with…' }).click();
    await main().getByLabel('Right image').fill('not a tag!');
    await main().getByRole('button', { name: 'Compare', exact: true }).click();
    expect(await isShown(main().getByRole('alert'))).toBe(true);
    await main().getByLabel('Right image').fill('latest');
    await main().getByRole('button', { name: 'Compare', exact: true }).click();
    expect(await isShown(main().getByText('Both sides are one and the same image.'))).toBe(true);
  });

  test('shows configs, layers and files side by side', async () => {
    await compare(['samples/hello-multiarch', 'latest', 'linux/amd64'], ['samples/whiteouts', 'latest']);
    expect(await isShown(main().getByRole('table', { name: 'Settings' }))).toBe(true);
    await tab(/^Layers/).click();
    expect(await isShown(main().getByRole('table', { name: 'Layers of both' }))).toBe(true);
    await tab(/^Files/).click();
    const files = main().getByRole('grid', { name: 'Files that differ' });
    await files.waitFor();
    expect(await isShown(files.getByRole('row', { name: /only right.*\/opt\/tool\/VERSION/ }))).toBe(true);
    await files.focus();
    await app.page.keyboard.press('End');
    await app.page.keyboard.press('Home');
    await main()
      .getByRole('checkbox', { name: /^Only right/ })
      .uncheck();
    await expect.poll(() => files.getByRole('row', { name: /\/opt\/tool\/VERSION/ }).count()).toBe(0);
    await tab(/^Packages/).click();
    expect(await isShown(main().getByRole('group', { name: 'Packages' }))).toBe(true);
  });

  test('compares two platforms of one index, and changes sides', async () => {
    await compare(
      ['samples/hello-multiarch', 'latest', 'linux/amd64'],
      ['samples/hello-multiarch', 'latest', 'linux/arm64/v8'],
    );
    const left = main().getByRole('group', { name: 'Left side' });
    await expect.poll(() => left.getByLabel('Platform').inputValue()).toBe('linux/amd64');
    await main().getByRole('button', { name: 'Swap sides' }).click();
    await expect.poll(() => left.getByLabel('Platform').inputValue()).toBe('linux/arm64/v8');
  });

  test('says so when a side is not there', async () => {
    await app.page.goto(
      `${app.origin}#/compare?${new URLSearchParams({ left: JSON.stringify(['local', 'samples/whiteouts', 'gone']), right: JSON.stringify(['local', 'samples/whiteouts', 'latest']) }).toString()}`,
    );
    expect(await isShown(main().getByRole('alert'))).toBe(true);
  });

  test('has no serious accessibility findings', async () => {
    await compare(['samples/hello-multiarch', 'latest', 'linux/amd64'], ['samples/whiteouts', 'latest']);
    expect(await seriousFindings(app.page)).toEqual([]);
    await tab(/^Files/).click();
    await main().getByRole('grid', { name: 'Files that differ' }).waitFor();
    expect(await seriousFindings(app.page)).toEqual([]);
    expect(app.problems).toEqual([]);
  });

  test('shows what an attestation says, unverified', async () => {
    await app.page.goto(`${app.origin}#/registry/local/image/samples%2Fattested/latest/overview`);
    await main().getByRole('link', { name: 'Attestation' }).first().click();
    await tab(/^Documents/).click();
    expect(await isShown(main().getByText(/no signature, certificate or log entry is verified/))).toBe(true);
    expect(await seriousFindings(app.page)).toEqual([]);
  });
});
