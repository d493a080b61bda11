import { hasChromium, isGone, isShown, seriousFindings, startApp, type App } from '#test/support/app.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const current = ({ page }: App) => page.locator('[role="treeitem"][aria-current]');

async function paste({ page }: App, text: string): Promise<void> {
  await page.keyboard.press('Control+l');
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

async function localHost({ page }: App): Promise<string> {
  const address = await page.getByText(/Local registry at/).textContent();
  return /127\.0\.0\.1:\d+/.exec(address ?? '')?.[0] ?? '';
}

describe.skipIf(!hasChromium())('the tree follows the address', () => {
  let app: App;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
  });

  it('opens the folders of a repository opened from a card, marks its row and leaves the focus alone', async () => {
    const cards = app.page.getByRole('region', { name: 'In your Local registry' });
    await cards.getByRole('link', { name: 'samples/nested-index' }).click();
    const row = app.page.getByRole('treeitem', { name: 'nested-index', selected: true });
    expect(await isShown(current(app).and(row))).toBe(true);
    expect(await app.page.evaluate(() => document.activeElement?.closest('[role="tree"]') === null)).toBe(true);
    expect(await current(app).count()).toBe(1);
  });

  it('does not open again what a person closes', async () => {
    await paste(app, `${await localHost(app)}/samples/team/web/api:latest`);
    expect(await isShown(current(app).filter({ hasText: 'api' }))).toBe(true);
    await app.page.getByRole('treeitem', { name: 'web' }).locator('[data-twisty]').click();
    expect(await isGone(app.page.getByRole('treeitem', { name: 'api' }))).toBe(true);
    expect(await isShown(current(app).filter({ hasText: 'web' }))).toBe(true);
    expect(await app.page.getByRole('treeitem', { name: 'api' }).count()).toBe(0);
  });

  it('goes to the repository of a pasted reference', async () => {
    await paste(app, `${await localHost(app)}/samples/hello-multiarch:1.0`);
    expect(await isShown(current(app).filter({ hasText: 'hello-multiarch' }))).toBe(true);
  });

  it('stays as it is while one looks at the tabs of an image', async () => {
    await app.page.getByRole('treeitem', { name: 'samples' }).locator('[data-twisty]').click();
    expect(await isShown(current(app).filter({ hasText: 'samples' }))).toBe(true);
    await app.page.getByRole('tab', { name: /^Layers/ }).click();
    await app.page.waitForURL(/layers/);
    expect(await isGone(app.page.getByRole('treeitem', { name: 'hello-multiarch' }))).toBe(true);
  });

  it('marks the tag where the tags are open', async () => {
    await app.page.getByRole('button', { name: 'Back' }).click();
    await paste(app, `${await localHost(app)}/samples/many-tags:v1.2.0`);
    const row = app.page.getByRole('treeitem', { name: 'many-tags' });
    await row.locator('[data-twisty]').click();
    expect(await isShown(current(app).filter({ hasText: 'v1.2.0' }))).toBe(true);
    await paste(app, `${await localHost(app)}/samples/many-tags:v1.2.1`);
    expect(await isShown(current(app).filter({ hasText: 'v1.2.1' }))).toBe(true);
  });

  it('brings a row that is out of view into view', async () => {
    const tree = app.page.getByRole('tree');
    await tree.evaluate((element) => {
      element.scrollTop = element.scrollHeight;
    });
    await paste(app, `${await localHost(app)}/samples/artifact`);
    const row = current(app).filter({ hasText: 'artifact' });
    await row.waitFor();
    await expect
      .poll(async () => {
        const [box, frame] = [await row.boundingBox(), await tree.boundingBox()];
        return box !== null && frame !== null && box.y >= frame.y && box.y + box.height <= frame.y + frame.height;
      })
      .toBe(true);
  });

  it('goes to the pin of a repository whose registry is closed, and leaves the registry closed', async () => {
    await app.page.getByRole('treeitem', { name: 'artifact' }).click({ button: 'right' });
    await app.page.getByRole('menuitem', { name: 'Add to Favourites' }).click();
    const local = app.page.getByRole('treeitem', { name: 'Local' });
    await local.locator('[data-twisty]').click();
    await app.page.getByRole('button', { name: 'Settings' }).click();
    await app.page.getByRole('heading', { name: 'Settings' }).waitFor();
    await paste(app, `${await localHost(app)}/samples/artifact`);
    expect(await isShown(current(app).filter({ hasText: 'samples/artifact' }))).toBe(true);
    expect(await local.getAttribute('aria-expanded')).toBe('false');
  });

  it('marks the registry for a repository that is not there', async () => {
    await paste(app, `${await localHost(app)}/samples/nothing-of-the-kind`);
    expect(await isShown(current(app).filter({ hasText: 'Local' }))).toBe(true);
    expect(await seriousFindings(app.page)).toEqual([]);
    expect(app.problems).toEqual([]);
  });

  it('does so after a reload too', async () => {
    await paste(app, `${await localHost(app)}/samples/zstd`);
    await current(app).filter({ hasText: 'zstd' }).waitFor();
    await app.page.reload();
    expect(await isShown(current(app).filter({ hasText: 'zstd' }))).toBe(true);
  });
});
