import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, hasChromium, isGone, isShown, seriousFindings, startApp } from '../support/app.ts';
import { transferPage, type TransferPage } from '../support/transfer-page.ts';

const SAMPLE = 'samples/hello-multiarch';

describe.skipIf(!hasChromium())('a comparison by drag', () => {
  let app: App;
  let at: TransferPage;
  beforeAll(async () => {
    app = await startApp();
    at = transferPage(app.page);
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
  });

  const side = (name: 'Left' | 'Right') => at.main.getByRole('group', { name: `${name} side` });
  const badge = (text: string | RegExp) => at.badge.filter({ hasText: text });
  const dragAndDrop = async (from: Locator, to: Locator, says: string | RegExp) => {
    await at.drag(from, to);
    expect(await isShown(badge(says))).toBe(true);
    await app.page.mouse.up();
    expect(await isGone(at.badge)).toBe(true);
  };

  test('begins when a tag is dropped on another one, and copies nothing', async () => {
    await at.openRepository('local', SAMPLE);
    await at.tagRow('1.1').getByText('KiB').waitFor();
    await dragAndDrop(at.tagRow('1.0').getByText('KiB'), at.tagRow('1.1'), `compare with ${SAMPLE}:1.1`);
    expect(await isShown(side('Left').getByText(`${SAMPLE}:1.0`))).toBe(true);
    expect(await isShown(side('Right').getByText(`${SAMPLE}:1.1`))).toBe(true);
    expect(await at.dialog.count()).toBe(0);
  });

  test('takes a row of the tree on either side', async () => {
    await at.openRepository('local', SAMPLE);
    await at.unfold(at.row('hello-multiarch').first());
    await at.row('1.1').first().waitFor();
    await at.goAnew('/compare');
    await side('Left').getByLabel('Left image').waitFor();
    await dragAndDrop(at.row('1.0').first(), side('Left'), `compare: ${SAMPLE}:1.0 on the left`);
    expect(await isShown(side('Left').getByText(`${SAMPLE}:1.0`))).toBe(true);
    await dragAndDrop(at.row('1.1').first(), side('Right'), `compare: ${SAMPLE}:1.1 on the right`);
    expect(await isShown(at.main.getByRole('tablist', { name: 'Comparison' }))).toBe(true);
    // A row of the tree is an image too.
    await dragAndDrop(at.row('1.1').first(), at.row('1.0').first(), `compare with ${SAMPLE}:1.0`);
    await expect.poll(() => side('Right').innerText()).toContain(`${SAMPLE}:1.0`);
    // And a place is still a place.
    await at.drag(at.row('1.0').first(), at.row('team').first());
    expect(await isShown(badge(/^copy to /))).toBe(true);
    await app.page.keyboard.press('Escape');
    await app.page.mouse.up();
    expect(await isGone(at.badge)).toBe(true);
  });

  test('takes one platform on another, and an image on the page of another', async () => {
    await at.goAnew(`/registry/local/image/${encodeURIComponent(SAMPLE)}/latest/overview`);
    const chip = (name: string) => at.main.getByRole('button', { name, exact: true });
    await chip('linux/amd64').waitFor();
    await dragAndDrop(chip('linux/arm64/v8'), chip('linux/amd64'), `compare with ${SAMPLE}:latest (linux/amd64)`);
    await expect.poll(() => side('Left').getByLabel('Platform').inputValue()).toBe('linux/arm64/v8');
    await expect.poll(() => side('Right').getByLabel('Platform').inputValue()).toBe('linux/amd64');
    await at.goAnew(`/registry/local/image/${encodeURIComponent('samples/whiteouts')}/latest/overview`);
    const title = at.main.getByRole('heading', { level: 1, name: /whiteouts/ });
    await title.waitFor();
    await at.row('1.1').first().waitFor();
    await at.drag(at.row('1.1').first(), title);
    expect(await isShown(badge(/^compare with samples\/whiteouts:latest/))).toBe(true);
    await app.page.mouse.up();
    expect(await isShown(side('Right').getByText('samples/whiteouts:latest'))).toBe(true);
    expect(await seriousFindings(app.page)).toEqual([]);
  });

  test('is reached by keys too: the menu of a tag, then a tag of the same repository', async () => {
    await at.openRepository('local', SAMPLE);
    await at.tagRow('1.1').getByText('KiB').waitFor();
    await at.main.getByRole('grid').focus();
    await app.page.keyboard.press('Home');
    await app.page.keyboard.press('Shift+F10');
    await app.page.getByRole('menuitem', { name: 'Compare with…' }).focus();
    await app.page.keyboard.press('Enter');
    const right = side('Right').getByLabel('Right image');
    await right.focus();
    await app.page.keyboard.type('1.1');
    await app.page.keyboard.press('Enter');
    expect(await isShown(at.main.getByRole('tablist', { name: 'Comparison' }))).toBe(true);
    expect(app.problems).toEqual([]);
  });
});
