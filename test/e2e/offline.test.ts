import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildArtifact } from '#main/core/local-registry/image-builder/image.ts';
import { hasChromium, isGone, isShown, seriousFindings, startApp, type App } from '#test/support/app.ts';
import { startDockerRegistry } from '#test/support/docker-registry.ts';
import { json, startFakeRegistry } from '#test/support/fake-registry.ts';
import { freePort } from '#test/support/free-port.ts';
import { gantryPage, type GantryPage } from '#test/support/gantry-page.ts';
import { pushContent } from '#test/support/push-content.ts';
import { hasTools } from '#test/support/tools.ts';

const BUILD_MS = 240_000;
const note = /^Offline: this was seen/;

describe.skipIf(!hasChromium() || !hasTools('docker-registry'))('a registry that goes away', () => {
  let app: App;
  let page: GantryPage;
  beforeAll(async () => {
    app = await startApp();
    page = gantryPage(app.page);
  }, BUILD_MS);
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
  });

  it('shows what was seen before, says so, and goes on when the registry is back', async () => {
    const port = await freePort();
    const content = buildArtifact({
      artifactType: 'application/vnd.example.note',
      files: [{ content: 'kept', mediaType: 'text/plain', annotations: {} }],
      annotations: { 'org.example.word': 'kept-annotation' },
    });
    const host = `127.0.0.1:${port}`;
    const start = async () => {
      const registry = await startDockerRegistry({ port });
      await pushContent(host, 'team/kept', content, ['v1']);
      return registry;
    };
    const first = await start();
    await page.add({ host, plainHttp: true });
    await page.goTo(`${host}/team/kept`);
    await app.page.getByRole('grid').getByRole('rowheader', { name: 'v1' }).waitFor();
    await page.goTo(`${host}/team/kept:v1`);
    await app.page.getByText('application/vnd.example.note').first().waitFor();
    await first[Symbol.asyncDispose]();

    // A reload forgets what the page held: what is shown now was kept by the engine.
    await app.page.reload();
    expect(await isShown(app.page.getByText('application/vnd.example.note').first())).toBe(true);
    expect(await isShown(page.main.getByText(note))).toBe(true);
    expect(await isShown(app.page.getByRole('contentinfo').getByText(/offline since/))).toBe(true);
    expect(await seriousFindings(app.page)).toEqual([]);
    await page.goTo(`${host}/team/kept`);
    expect(await isShown(app.page.getByRole('grid').getByRole('rowheader', { name: 'v1' }))).toBe(true);
    expect(await isShown(page.main.getByText(note))).toBe(true);

    const second = await start();
    await page.main.getByRole('button', { name: 'Try again' }).first().click();
    expect(await isGone(page.main.getByText(note))).toBe(true);
    expect(await isGone(app.page.getByRole('contentinfo').getByText(/offline since/))).toBe(true);
    await second[Symbol.asyncDispose]();
  });

  it('is seen offline when it goes away before the page hears of changes', async () => {
    const held: Socket[] = [];
    let isHolding = false;
    const registry = await startFakeRegistry(({ path }) => {
      if (isHolding) return { raw: (socket) => held.push(socket) };
      if (path.startsWith('/v2/_catalog')) return json({ repositories: ['app'] });
      return path.includes('/tags/list') ? json({ tags: ['v1'] }) : json({});
    });
    await page.add({ host: registry.host, plainHttp: true });
    await page.goTo(`${registry.host}/app`);
    await app.page.getByRole('grid').getByRole('rowheader', { name: 'v1' }).waitFor();
    isHolding = true;
    let listen: () => void = () => undefined;
    const heard = new Promise<void>((resolve) => {
      listen = resolve;
    });
    await app.page.route('**/changes/watch', async (route) => {
      await heard;
      await route.continue();
    });
    const asked = app.page.waitForResponse('**/health/get');
    await app.page.reload();
    await asked;
    await registry[Symbol.asyncDispose]();
    expect(await isShown(page.main.getByText(note).first())).toBe(true);
    listen();
    expect(await isShown(app.page.getByRole('contentinfo').getByText(/offline since/))).toBe(true);
    await app.page.unroute('**/changes/watch');
  });

  it('is called busy, not offline, when it is there and answers 503', async () => {
    let isBusy = false;
    const registry = await startFakeRegistry(({ path }) => {
      if (isBusy) return { status: 503, headers: { 'retry-after': '60' } };
      if (path.startsWith('/v2/_catalog')) return json({ repositories: ['app'] });
      return path.includes('/tags/list') ? json({ tags: ['v1'] }) : json({});
    });
    await page.add({ host: registry.host, plainHttp: true });
    await page.goTo(`${registry.host}/app`);
    await app.page.getByRole('grid').getByRole('rowheader', { name: 'v1' }).waitFor();
    isBusy = true;
    await app.page.reload();
    expect(await isShown(page.main.getByText(/^This was seen .*The registry is too busy to answer\.$/))).toBe(true);
    expect(await isShown(app.page.getByRole('grid').getByRole('rowheader', { name: 'v1' }))).toBe(true);
    expect(await isGone(app.page.getByRole('contentinfo').getByText(/offline since/))).toBe(true);
    await registry[Symbol.asyncDispose]();
  });

  it('tells how much of a pull quota is left', async () => {
    const quota = { 'ratelimit-limit': '100;w=21600', 'ratelimit-remaining': '7;w=21600' };
    const registry = await startFakeRegistry(({ path }) => {
      if (path === '/v2/') return json({});
      if (path.startsWith('/v2/_catalog')) return json({ repositories: ['app'] }, quota);
      return undefined;
    });
    await page.add({ host: registry.host, plainHttp: true });
    expect(await isShown(app.page.getByText('7 of 100 pulls left'))).toBe(true);
    await registry[Symbol.asyncDispose]();
  });
});
