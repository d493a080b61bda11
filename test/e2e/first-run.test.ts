import { copiedText, hasChromium, isGone, isShown, seriousFindings, startApp, type App } from '#test/support/app.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

describe.skipIf(!hasChromium())('the first run', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
  });

  it('shows the Local registry with real sample images', async () => {
    const samples = app.page.getByRole('region', { name: 'In your Local registry' });
    expect(await isShown(samples.getByRole('link', { name: 'samples/hello-multiarch' }))).toBe(true);
    expect(await isShown(app.page.getByRole('treeitem', { name: 'samples' }))).toBe(true);
  });

  it('says how to push to the Local registry and copies the command', async () => {
    const push = app.page.getByRole('region', { name: 'Look at an image of your own' });
    await push.getByRole('button', { name: 'Copy command' }).last().click();
    await expect.poll(() => copiedText(app.page)).toMatch(/^docker push 127\.0\.0\.1:\d+\/my-image:latest$/);
  });

  it('says plainly that secrets are kept in memory only', async () => {
    expect(await isShown(app.page.getByText('Secrets in memory only'))).toBe(true);
  });

  it('suggests registries', async () => {
    expect(await isShown(app.page.getByRole('button', { name: 'Add Docker Hub' }))).toBe(true);
  });

  it('has no serious accessibility finding in light', async () => {
    expect(await seriousFindings(app.page)).toEqual([]);
  });

  it('follows the theme that is chosen, and has no serious finding in dark', async () => {
    await app.page.getByRole('button', { name: 'Theme' }).click();
    await app.page.getByRole('menuitem', { name: 'Dark' }).click();
    expect(await isShown(app.page.locator('html[data-theme="dark"]'))).toBe(true);
    expect(await isGone(app.page.getByRole('menuitem', { name: 'Dark' }))).toBe(true);
    expect(await seriousFindings(app.page)).toEqual([]);
  });

  it('keeps the theme over a reload', async () => {
    await app.page.reload();
    expect(await isShown(app.page.locator('html[data-theme="dark"]'))).toBe(true);
    expect(await isShown(app.page.getByRole('treeitem', { name: 'samples' }))).toBe(true);
  });

  it('works in a small window, where the inspector is a panel one can open and close', async () => {
    await app.page.setViewportSize({ width: 900, height: 600 });
    const inspector = app.page.getByRole('complementary', { name: 'Inspector' });
    expect(await isGone(inspector)).toBe(true);
    // There is nothing to inspect on the first page.
    await app.page.locator('button[aria-label="Inspector"]:disabled').waitFor();
    await app.page.getByRole('treeitem', { name: 'Local' }).click();
    await app.page.getByRole('button', { name: 'Inspector' }).click();
    expect(await isShown(inspector)).toBe(true);
    await app.page.getByRole('button', { name: 'Inspector', exact: true }).click();
    expect(await isGone(inspector)).toBe(true);
    await app.page.setViewportSize({ width: 1280, height: 800 });
  });

  it('breaks no rule of its content security policy and throws nothing', () => {
    expect(app.problems).toEqual([]);
  });
});
