import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copiedText, hasChromium, isShown, seriousFindings, startApp, type App } from '#test/support/app.ts';
import { startDockerRegistry, type DockerRegistry } from '#test/support/docker-registry.ts';
import { gantryPage, type GantryPage } from '#test/support/gantry-page.ts';
import { hasTools } from '#test/support/tools.ts';

const USER = { username: 'alice', password: 'canary-9f3a-secret' } as const;

describe.skipIf(!hasChromium() || !hasTools('docker-registry', 'htpasswd'))('the request log', () => {
  let app: App;
  let page: GantryPage;
  let registry: DockerRegistry;
  beforeAll(async () => {
    registry = await startDockerRegistry({ auth: { kind: 'htpasswd', ...USER } });
    app = await startApp();
    page = gantryPage(app.page);
    await page.add({ host: registry.host, ...USER, plainHttp: true });
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
    await registry[Symbol.asyncDispose]();
  });

  const list = () => app.page.getByRole('listbox', { name: 'Requests and decisions' });
  const openLog = async () => {
    await app.page.goto(`${app.origin}#/log`);
    await list().getByRole('option').first().waitFor();
  };

  it('is reached from the palette', async () => {
    await app.page.keyboard.press('Control+k');
    await app.page.getByRole('combobox').fill('request log');
    await app.page.keyboard.press('Enter');
    expect(await isShown(list())).toBe(true);
  });

  it('shows what was sent to the registry and what it answered, by keyboard', async () => {
    await openLog();
    await app.page.getByRole('searchbox', { name: 'Filter requests' }).fill('_catalog 200');
    await list().focus();
    await app.page.keyboard.press('End');
    const entry = app.page.getByRole('region', { name: 'Entry' });
    expect(await isShown(entry.getByText('Answer 200'))).toBe(true);
    expect(await isShown(entry.getByRole('table', { name: 'Request headers' }).getByText('authorization'))).toBe(true);
    await app.page.getByRole('searchbox', { name: 'Filter requests' }).fill('');
  });

  it('never shows the password, nor copies it', async () => {
    await openLog();
    await app.page.getByRole('button', { name: /^Copy the entries shown/ }).click();
    await expect.poll(() => copiedText(app.page)).toContain('/v2/');
    const copied = await copiedText(app.page);
    const basic = Buffer.from(`${USER.username}:${USER.password}`).toString('base64');
    for (const secret of [USER.password, basic]) {
      expect(copied).not.toContain(secret);
      expect(await app.page.content()).not.toContain(secret);
    }
  });

  it('stands still while paused, and is empty after clearing', async () => {
    await openLog();
    await app.page.getByRole('button', { name: 'Pause' }).click();
    expect(await isShown(app.page.getByRole('button', { name: 'Paused: resume' }))).toBe(true);
    await app.page.getByRole('button', { name: 'Clear the log' }).click();
    expect(await isShown(app.page.getByText('Nothing has been sent yet'))).toBe(true);
  });

  it('has no serious finding of axe, in light and dark', async () => {
    await app.page.goto(`${app.origin}#/`);
    await page.row(registry.host).click();
    await app.page.getByRole('button', { name: 'Refresh' }).first().click();
    await openLog();
    await list().getByRole('option').first().click();
    for (const colorScheme of ['light', 'dark'] as const) {
      await app.page.emulateMedia({ colorScheme });
      expect(await seriousFindings(app.page)).toEqual([]);
    }
    expect(app.problems).toEqual([]);
  });
});
