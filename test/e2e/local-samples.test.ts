import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SAMPLES } from '#main/core/local-registry/samples/sample-list.ts';
import { hasChromium, startApp, type App } from '#test/support/app.ts';
import { gantryPage } from '#test/support/gantry-page.ts';
import { PATIENCE_MS } from '#test/support/patience.ts';

describe.skipIf(!hasChromium())('a new data folder, looked at while the samples come in', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp({}, 'host');
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
  });

  it('fills the open tree, folder by folder, without a reload', async () => {
    const row = (name: string) => app.page.getByRole('treeitem', { name, exact: true });
    await gantryPage(app.page).unfold(row('samples'));
    const names = [...new Set(SAMPLES.map(({ repository }) => repository.split('/')[1] ?? ''))];
    await Promise.all(names.map((name) => row(name).waitFor({ timeout: 3 * PATIENCE_MS })));
    expect(app.problems).toEqual([]);
  });

  it('has every tag of the repository that comes last', async () => {
    const [last] = SAMPLES.toReversed();
    const tags = [...(last?.build() ?? [])].flatMap((push) => push.tags);
    await app.page.goto(`${app.origin}#/registry/local/repository/${encodeURIComponent(last?.repository ?? '')}`);
    await app.page.getByText(`${tags.length} tags`, { exact: true }).waitFor({ timeout: 3 * PATIENCE_MS });
    expect(tags.length).toBeGreaterThan(50);
  });
});
