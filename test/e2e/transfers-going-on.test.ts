import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isGone, isShown } from '#test/support/app.ts';
import { bigImage } from '#test/support/big-image.ts';
import { startBuiltHost, type BuiltHost } from '#test/support/built-host.ts';
import { hasChromium, launchChromium, openPage } from '#test/support/chromium.ts';
import { type DockerRegistry, startDockerRegistry } from '#test/support/docker-registry.ts';
import { pushContent } from '#test/support/push-content.ts';
import { sendRaw } from '#test/support/raw-http.ts';
import { skopeoRawManifest } from '#test/support/skopeo.ts';
import { hasTools } from '#test/support/tools.ts';
import { transferPage, type TransferPage } from '#test/support/transfer-page.ts';

const MIB = 1024 * 1024;

/** Slow enough that a person could act on the way: 512 KiB a second, of many megabytes. */
const SLOW = '512';

describe.skipIf(!hasChromium || !hasTools('docker-registry', 'skopeo'))('a transfer on its way', () => {
  let source: DockerRegistry;
  let target: DockerRegistry;
  let host: BuiltHost;
  let browser: Browser;
  let page: Page;
  let at: TransferPage;
  beforeAll(async () => {
    source = await startDockerRegistry();
    target = await startDockerRegistry();
    for (const name of ['stopped', 'restarted', 'changed']) {
      await pushContent(source.host, `big/${name}`, bigImage(40 * MIB), ['1.0']);
    }
    host = await startBuiltHost();
    browser = await launchChromium();
    page = await openPage(browser, { viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
    at = transferPage(page);
    await page.goto(host.address);
    await at.tree.waitFor();
    await at.add({ host: source.host, label: 'Source', plainHttp: true });
    await at.add({ host: target.host, label: 'Target', plainHttp: true });
    await setLimit(SLOW);
  });
  afterAll(async () => {
    await browser.close();
    await host[Symbol.asyncDispose]();
    await source[Symbol.asyncDispose]();
    await target[Symbol.asyncDispose]();
  });

  const go = (path: string) =>
    page.evaluate((hash) => {
      location.hash = hash;
    }, path);
  const setLimit = async (kib: string) => {
    await go('/settings');
    const limit = page.getByLabel('All together at most');
    await limit.selectOption(kib);
    await limit.locator(`option:checked[value="${kib}"]`).waitFor({ state: 'attached' });
  };
  const startCopy = async (repository: string) => {
    await at.goTo(`${source.host}/${repository}:1.0`);
    await page.getByRole('main').getByRole('button', { name: 'Copy to…' }).click();
    await at.dialog.getByLabel('Registry').selectOption({ label: 'Target' });
    await at.makePlan();
    await at.start('Start copy');
    await at.line(repository).filter({ hasText: 'Running' }).waitFor();
  };
  const statusOf = async (repository: string) =>
    (await sendRaw(target.host, { method: 'HEAD', path: `/v2/${repository}/manifests/1.0` })).status;

  it('is cancelled when a person says so, and leaves no tag behind', async () => {
    await startCopy('big/stopped');
    await at
      .line('big/stopped')
      .getByRole('button', { name: /^Cancel: / })
      .click();
    expect(await isShown(at.line('big/stopped').filter({ hasText: 'Cancelled' }))).toBe(true);
    expect(await statusOf('big/stopped')).toBe(404);
    await at
      .line('big/stopped')
      .getByRole('button', { name: /^Remove from the list: / })
      .click();
    expect(await isGone(at.line('big/stopped'))).toBe(true);
  });

  it('pauses and goes on', async () => {
    await startCopy('big/changed');
    await at.dock.getByRole('button', { name: 'Pause all' }).click();
    expect(await isShown(at.line('big/changed').filter({ hasText: 'Paused' }))).toBe(true);
    await at.dock.getByRole('button', { name: 'Resume all' }).click();
    expect(await isShown(at.line('big/changed').filter({ hasText: 'Running' }))).toBe(true);
  });

  it('asks when the tag was changed at the destination meanwhile, and overwrites nothing before', async () => {
    await pushContent(target.host, 'big/changed', bigImage(1024), ['1.0']);
    const theirs = await skopeoRawManifest(`${target.host}/big/changed:1.0`);
    await setLimit('0');
    const line = at.line('big/changed');
    expect(await isShown(line.filter({ hasText: 'Needs a decision' }))).toBe(true);
    expect(await skopeoRawManifest(`${target.host}/big/changed:1.0`)).toBe(theirs);
    await line.getByRole('button', { name: /^Decide…: / }).click();
    const main = page.getByRole('main');
    await main.getByRole('grid', { name: 'Images' }).getByRole('combobox').selectOption('overwrite');
    await main.getByRole('button', { name: 'Go on' }).click();
    expect(await isShown(main.getByRole('grid', { name: 'Images' }).getByText('Done'))).toBe(true);
    expect(await skopeoRawManifest(`${target.host}/big/changed:1.0`)).toBe(
      await skopeoRawManifest(`${source.host}/big/changed:1.0`),
    );
    await setLimit(SLOW);
  });

  it('outlives a reload of the page and a restart of Gantry, and ends with the same bytes', async () => {
    await startCopy('big/restarted');
    await page.reload();
    expect(await isShown(at.dock.getByText(/1 running/))).toBe(true);
    expect(await statusOf('big/restarted')).toBe(404);
    const address = await host.restart();
    // A page that differs only behind the hash would not be loaded anew.
    await page.goto('about:blank');
    await page.goto(address);
    await at.dock.getByText(/1 running/).waitFor();
    await setLimit('0');
    await go('/transfers');
    const list = page.getByRole('main').getByRole('list', { name: 'Transfers' });
    expect(await isShown(list.getByRole('listitem').filter({ hasText: /big\/restarted.*Done/s }))).toBe(true);
    expect(await skopeoRawManifest(`${target.host}/big/restarted:1.0`)).toBe(
      await skopeoRawManifest(`${source.host}/big/restarted:1.0`),
    );
  });
});
