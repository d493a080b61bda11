import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, hasChromium, isGone, isShown, seriousFindings, startApp } from '../support/app.ts';

describe.skipIf(!hasChromium())('the keyboard shortcuts', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
  });

  const dialog = () => app.page.getByRole('dialog', { name: 'Keyboard shortcuts' });

  test('are listed at ?, in groups', async () => {
    await app.page.getByRole('tree', { name: 'Registries' }).focus();
    await app.page.keyboard.press('?');
    expect(await isShown(dialog().getByRole('region', { name: 'Lists and trees' }))).toBe(true);
    expect(await isShown(dialog().getByText('Go to anything, run any command'))).toBe(true);
    expect(await seriousFindings(app.page)).toEqual([]);
    await app.page.keyboard.press('Escape');
    expect(await isGone(dialog())).toBe(true);
  });

  test('close with one Escape from the Close button, whose hint is open by then', async () => {
    await app.page.getByRole('tree', { name: 'Registries' }).focus();
    await app.page.keyboard.press('?');
    await dialog().waitFor();
    const close = dialog().getByRole('button', { name: 'Close' });
    // Wherever the focus began: once round at the most.
    for (let steps = 0; steps < 20 && !(await close.evaluate((node) => node === document.activeElement)); steps += 1) {
      await app.page.keyboard.press('Tab');
    }
    await app.page.getByText('Close', { exact: true }).waitFor();
    await app.page.keyboard.press('Escape');
    expect(await isGone(dialog())).toBe(true);
  });

  test('are in the palette and the title bar, and at Ctrl / while one types', async () => {
    await app.page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
    expect(await isShown(dialog())).toBe(true);
    await app.page.keyboard.press('Escape');
    expect(await isGone(dialog())).toBe(true);
    await app.page.keyboard.press('Control+k');
    await app.page.getByRole('combobox').and(app.page.locator(':focus')).waitFor();
    await app.page.keyboard.type('shortcuts');
    await app.page.getByRole('option', { name: /Keyboard shortcuts/ }).click();
    expect(await isShown(dialog())).toBe(true);
    await app.page.keyboard.press('Escape');
    expect(await isGone(dialog())).toBe(true);
    await app.page.keyboard.press('Control+l');
    const address = app.page.getByRole('textbox', { name: /^Address/ });
    await address.fill('what');
    await app.page.keyboard.type('?');
    await expect.poll(() => address.inputValue()).toBe('what?');
    await app.page.keyboard.press('Control+/');
    expect(await isShown(dialog())).toBe(true);
  });
});
