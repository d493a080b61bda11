import { hasChromium, isGone, isShown, startApp, type App } from '#test/support/app.ts';
import { json, startFakeRegistry, type FakeRegistry, type Reply } from '#test/support/fake-registry.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

const COUNT = 10_000;
const names = Array.from({ length: COUNT }, (_, index) => `app-${String(index).padStart(5, '0')}`);

async function addRegistry({ page }: App, host: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Registries' }).getByRole('button', { name: 'Add registry' }).click();
  await page.getByRole('textbox', { name: 'Host' }).fill(host);
  await page.getByRole('button', { name: 'Connection options' }).click();
  await page.getByRole('checkbox', { name: 'Plain HTTP' }).check();
  await page.getByRole('button', { name: 'Add registry', exact: true }).last().click();
  await page.getByRole('heading', { name: host, level: 1 }).waitFor();
}

describe.skipIf(!hasChromium())('catalogs in the tree', () => {
  let app: App;
  let registry: FakeRegistry | undefined;
  beforeAll(async () => {
    app = await startApp();
  });
  afterEach(async () => {
    await registry?.[Symbol.asyncDispose]();
    registry = undefined;
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
  });

  const open = async (catalog: Reply, ping: Reply = json({})): Promise<FakeRegistry> => {
    registry = await startFakeRegistry(({ path }) =>
      path.startsWith('/v2/_catalog') ? catalog : path === '/v2/' ? ping : undefined,
    );
    await addRegistry(app, registry.host);
    return registry;
  };
  const tree = () => app.page.getByRole('tree');

  it('closes its request when the row is closed and no page shows the list', async () => {
    let isClosed = false;
    const { host, lines } = await open({
      raw: (_socket, response) => {
        response.once('close', () => {
          isClosed = true;
        });
      },
    });
    await expect.poll(() => lines.some((line) => line.startsWith('GET /v2/_catalog'))).toBe(true);
    expect(await isShown(tree().getByText('Loading…'))).toBe(true);
    await app.page.getByRole('button', { name: 'Settings' }).click();
    await app.page.getByRole('heading', { name: 'Settings' }).waitFor();
    expect(isClosed).toBe(false);
    await tree().getByRole('treeitem', { name: host }).locator('[data-twisty]').click();
    await expect.poll(() => isClosed).toBe(true);
    expect(await isGone(tree().getByText('Loading…'))).toBe(true);
  });

  it('asks for a sign-in where the catalog is refused', async () => {
    const refused = json({ errors: [{ code: 'UNAUTHORIZED' }] }, { 'www-authenticate': 'Basic realm="r"' }, 401);
    await open(refused, refused);
    expect(await isShown(tree().getByText('Sign in…'))).toBe(true);
  });

  it('offers to pin a repository where there is no catalog', async () => {
    await open({ status: 404 });
    expect(await isShown(tree().getByText('Catalog not available'))).toBe(true);
    await tree().getByText('Pin a repository…').last().click();
    expect(await isShown(app.page.getByRole('dialog'))).toBe(true);
    await app.page.keyboard.press('Escape');
    await app.page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('shows ten thousand repositories and draws only those in view', async () => {
    await open(json({ repositories: names }));
    expect(await isShown(tree().getByRole('treeitem', { name: 'app-00000' }))).toBe(true);
    expect(await tree().getByRole('treeitem').count()).toBeLessThan(100);
    await tree().evaluate((element) => {
      element.scrollTop = element.scrollHeight;
    });
    const last = tree().getByRole('treeitem').last();
    await expect.poll(async () => (await last.textContent()) !== 'app-00000').toBe(true);
    await expect
      .poll(async () =>
        Number(await tree().getByRole('treeitem', { name: /^app-/ }).last().getAttribute('aria-posinset')),
      )
      .toBeGreaterThan(900);
    expect(await tree().getByRole('treeitem').count()).toBeLessThan(100);
  });

  it('marks the registry for a repository beyond the pages that are loaded, and loads no more', async () => {
    const { host, lines } = await open({
      ...json({ repositories: names.slice(0, 100) }, { link: '</v2/_catalog?n=100&last=app-00099>; rel="next"' }),
    });
    await tree().getByRole('treeitem', { name: 'app-00000' }).last().waitFor();
    const asked = () => lines.filter((line) => line.includes('_catalog')).length;
    const before = asked();
    await app.page.keyboard.press('Control+l');
    await app.page.keyboard.type(`${host}/app-09999`);
    await app.page.keyboard.press('Enter');
    const current = app.page.locator('[role="treeitem"][aria-current]');
    expect(await isShown(current.filter({ hasText: host }))).toBe(true);
    expect(asked()).toBe(before);
  });
});
