import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { zstd } from '#main/core/local-registry/samples/shapes.ts';
import { hasChromium, isGone, isShown } from '#test/support/app.ts';
import { expectNoBarriers } from '#test/support/axe.ts';
import { type BuiltHost, startBuiltHost } from '#test/support/built-host.ts';
import { launchChromium, openPage } from '#test/support/chromium.ts';
import { gantryPage, type GantryPage } from '#test/support/gantry-page.ts';
import { latestOf, skopeoPushContent } from '#test/support/push-samples.ts';
import { hasTools } from '#test/support/tools.ts';

describe.skipIf(!hasChromium() || !hasTools('skopeo'))('what is on screen stays true', () => {
  let host: BuiltHost;
  let browser: Browser;
  let page: Page;
  let at: GantryPage;
  let local: string;
  beforeAll(async () => {
    host = await startBuiltHost();
    browser = await launchChromium();
    page = await openPage(browser, { viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
    await page.goto(host.address);
    at = gantryPage(page);
    await at.row('samples').waitFor();
    local = (await page.getByText(/^Local registry at /).innerText()).replace('Local registry at ', '');
  });
  afterAll(async () => {
    await browser.close();
    await host[Symbol.asyncDispose]();
  });

  it('a push by skopeo shows up in the tree and in an open table, without a reload', async () => {
    await skopeoPushContent(latestOf(zstd), `${local}/pushed/now:1.0`);
    await at.row('pushed').click();
    await at.row('now').click();
    expect(await isShown(at.main.getByRole('row', { name: /1\.0/ }))).toBe(true);
    await skopeoPushContent(latestOf(zstd), `${local}/pushed/now:2.0`);
    expect(await isShown(at.main.getByRole('row', { name: /2\.0/ }))).toBe(true);
  });

  it('a reload keeps the session and the place', async () => {
    await at.goTo(`${local}/pushed/now:2.0`);
    await at.tab('Config').click();
    await at.main.getByText('Entrypoint', { exact: true }).waitFor();
    const before = page.url();
    await page.reload();
    expect(await isShown(at.main.getByText('Entrypoint', { exact: true }))).toBe(true);
    expect(page.url()).toBe(before);
    expect(before).not.toContain('code');
    expect(await isShown(at.row('samples'))).toBe(true);
  });

  it('says that the host is gone, and what was shown stays', async () => {
    await host.stop();
    await at.main.getByText('Entrypoint', { exact: true }).waitFor();
    await at.goTo(`${local}/samples/attested:latest`);
    expect(await isShown(page.getByText('Gantry itself does not answer').first())).toBe(true);
    await expectNoBarriers(page, 'the host is gone');
  });

  it('says what to do once the host is back and knows this page no more', async () => {
    const address = await host.restart();
    await page.getByRole('button', { name: 'Try again' }).first().click();
    expect(await isShown(page.getByText('This page is not connected to Gantry'))).toBe(true);
    await expectNoBarriers(page, 'the session is lost');
    // As a person pastes it: the page loads itself again with it.
    await page.goto(address);
    expect(await isShown(at.row('samples'))).toBe(true);
    expect(await isGone(page.getByText('This page is not connected to Gantry'))).toBe(true);
  });
});
