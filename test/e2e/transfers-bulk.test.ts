import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, isShown, startApp, type App } from '#test/support/app.ts';
import { PATIENCE_MS } from '#test/support/patience.ts';
import { pushTags } from '#test/support/push-tags.ts';
import { transferPage, type TransferPage } from '#test/support/transfer-page.ts';

const TAGS = 2000;

describe.skipIf(!hasChromium())('a copy of very many tags', () => {
  let app: App;
  let at: TransferPage;
  beforeAll(async () => {
    app = await startApp();
    at = transferPage(app.page);
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
  });

  it('is planned to its last row, draws few of them, and takes only what passes the filter', async () => {
    await pushTags(app, 'load/bulk', TAGS);
    await at.openRepository('local', 'load/bulk');
    await at.main.getByRole('button', { name: 'Copy load/bulk to…' }).click();
    await at.dialog.getByLabel('Registry').selectOption({ label: 'Local' });
    await at.dialog.getByLabel('Repository').fill('load/copy');
    await at.makePlan();
    expect(await isShown(at.dialog.getByText(/ looked at$/).or(at.dialog.getByText('All 2,000')))).toBe(true);
    await at.dialog.getByText('All 2,000').waitFor({ timeout: 5 * PATIENCE_MS });
    expect(await isShown(at.dialog.getByText('2,000 images,'))).toBe(true);
    expect(await at.planRows.count()).toBeLessThan(60);
    await at.dialog.getByRole('grid', { name: 'Plan' }).focus();
    await app.page.keyboard.press('End');
    expect(await isShown(at.planRows.filter({ hasText: ':t1999' }).first())).toBe(true);
    await at.dialog.getByRole('button', { name: 'Back' }).click();
    await at.dialog.getByLabel('Only', { exact: true }).fill('t1?');
    await at.dialog.getByLabel('But not').fill('t12 t13');
    await at.makePlan();
    expect(await isShown(at.dialog.getByText('8 images,'))).toBe(true);
    expect(app.problems).toEqual([]);
  });
});
