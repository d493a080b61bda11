import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { helloMultiarch } from '#main/core/local-registry/samples/hello-multiarch.ts';
import { zstd } from '#main/core/local-registry/samples/shapes.ts';
import { copiedText, hasChromium, isGone, isShown, startApp, type App } from '#test/support/app.ts';
import { expectNoBarriers } from '#test/support/axe.ts';
import { type DockerRegistry, startDockerRegistry } from '#test/support/docker-registry.ts';
import { typeAhead } from '#test/support/focus-walk.ts';
import { latestOf, skopeoPushContent } from '#test/support/push-samples.ts';
import { skopeoRawManifest } from '#test/support/skopeo.ts';
import { hasTools } from '#test/support/tools.ts';
import { transferPage, type TransferPage } from '#test/support/transfer-page.ts';

const SAMPLE = 'samples/hello-multiarch';

describe.skipIf(!hasChromium() || !hasTools('docker-registry', 'skopeo'))('copies between registries', () => {
  let app: App;
  let at: TransferPage;
  let registry: DockerRegistry;
  let localHost: string;
  beforeAll(async () => {
    registry = await startDockerRegistry();
    app = await startApp();
    at = transferPage(app.page);
    localHost = (await app.page.getByText(/^Local registry at /).innerText()).replace('Local registry at ', '');
    await at.add({ host: registry.host, label: 'Office', plainHttp: true });
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
    await registry[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    // Anew, so that no row is ticked.
    await app.page.getByRole('button', { name: 'Settings' }).click();
    await at.openRepository('local', SAMPLE);
    await at.tagRow('1.1').getByText('KiB').waitFor();
  });

  const raw = (host: string, repository: string, tag: string) => skopeoRawManifest(`${host}/${repository}:${tag}`);
  const expectCopied = async (repository: string, tag: string, from = tag) =>
    expect(await raw(registry.host, repository, tag)).toBe(await raw(localHost, SAMPLE, from));
  const isDone = (words: string) => isShown(at.line(words).filter({ hasText: 'Done' }));

  it('takes a tag dragged onto another registry, says beside the pointer what a drop would do, and copies it', async () => {
    await at.drag(at.tagRow('1.1').getByText('KiB'), at.row('Office'));
    expect(await isShown(at.badge.filter({ hasText: `copy to ${registry.host}/${SAMPLE}:1.1 (at least` }))).toBe(true);
    await app.page.mouse.up();
    expect(await isShown(at.dialog.getByText('1 image,'))).toBe(true);
    await expect.poll(() => at.planRows.count()).toBe(1);
    await expectNoBarriers(app.page, 'the plan');
    await at.start('Start copy');
    expect(await isDone(`${SAMPLE}:1.1`)).toBe(true);
    await expectNoBarriers(app.page, 'the window with the dock');
    await expectCopied(SAMPLE, '1.1');
  });

  it('takes nothing when Escape is pressed on the way, or when it is where it is already', async () => {
    await at.drag(at.tagRow('1.1').getByText('KiB'), at.row('Office'));
    await at.badge.waitFor();
    await app.page.keyboard.press('Escape');
    expect(await isGone(at.badge)).toBe(true);
    await app.page.mouse.up();
    await at.drag(at.tagRow('1.1').getByText('KiB'), at.row('hello-multiarch').first());
    expect(await isShown(at.badge.filter({ hasText: 'is here already' }))).toBe(true);
    await app.page.mouse.up();
    expect(await isGone(at.badge)).toBe(true);
    expect(await at.dialog.count()).toBe(0);
  });

  it('opens a closed folder the pointer rests on, and mounts within one registry', async () => {
    const folder = at.row('team').first();
    if ((await folder.getAttribute('aria-expanded')) === 'true') await folder.locator('[data-twisty]').click();
    await folder.and(app.page.locator('[aria-expanded="false"]')).waitFor();
    await at.drag(at.tagRow('1.0').getByText('KiB'), folder);
    expect(await isShown(at.badge.filter({ hasText: /mounted: nothing to send$/ }))).toBe(true);
    expect(await isShown(at.row('web').first())).toBe(true);
    await app.page.mouse.up();
    await at.start('Start copy');
    expect(await isDone('samples/team/hello-multiarch')).toBe(true);
    expect(await raw(localHost, 'samples/team/hello-multiarch', '1.0')).toBe(await raw(localHost, SAMPLE, '1.0'));
  });

  it('says so when there is nothing to paste', async () => {
    await goToTree();
    await app.page.keyboard.press('Control+v');
    expect(await isShown(app.page.getByRole('status').filter({ hasText: /^Nothing is marked to copy/ }))).toBe(true);
    expect(await at.dialog.count()).toBe(0);
  });

  it('does the same by keys alone: mark with Ctrl C, paste on the registry with Ctrl V, start with Enter', async () => {
    await at.main.getByRole('grid').focus();
    await app.page.keyboard.press('Home');
    await app.page.keyboard.press('Space');
    await app.page.keyboard.press('Shift+ArrowDown');
    await app.page.keyboard.press('Control+c');
    await expect.poll(() => copiedText(app.page)).toBe(`${localHost}/${SAMPLE}:1.0\n${localHost}/${SAMPLE}:1.1`);
    await goToTree();
    await typeAhead(app.page, 'Office', 'Office');
    await app.page.keyboard.press('Control+v');
    expect(await isShown(at.dialog.getByText('Up to date').first())).toBe(true);
    const start = at.dialog.getByRole('button', { name: 'Start copy' });
    expect(await isShown(at.dialog.getByText('1 image,'))).toBe(true);
    await start.focus();
    await app.page.keyboard.press('Enter');
    expect(await isGone(at.dialog)).toBe(true);
    expect(await isDone(`${SAMPLE}:1.0 and 1 more`)).toBe(true);
    await expectCopied(SAMPLE, '1.0');
  });

  it('does the same from the menu, with patterns for the names and a preview of them', async () => {
    await at.tagRow('latest').getByText('KiB').click({ button: 'right' });
    await app.page.getByRole('menuitem', { name: 'Copy to…' }).click();
    await at.dialog.getByLabel('Registry').selectOption({ label: 'Office' });
    await at.dialog.getByLabel('Repository').fill('Mirror/{name}');
    expect(await isShown(at.dialog.getByText('“Mirror/hello-multiarch” is not a repository name'))).toBe(true);
    expect(await isShown(at.dialog.getByText('Mend what is marked above'))).toBe(true);
    await at.dialog.getByLabel('Repository').fill('mirror/{name}');
    await at.dialog.getByLabel('Tag', { exact: true }).fill('from-{registry}-{tag}');
    const tag = `from-${localHost.replace(':', '-')}-latest`;
    expect(await isShown(at.dialog.getByTitle(`${registry.host}/mirror/hello-multiarch:${tag}`))).toBe(true);
    await expectNoBarriers(app.page, 'the choices of a copy');
    await at.makePlan();
    await at.start('Start copy');
    expect(await isDone('mirror/hello-multiarch')).toBe(true);
    await expectCopied('mirror/hello-multiarch', tag, 'latest');
  });

  it('copies only the platforms chosen, and says what the index becomes', async () => {
    await at.tagRow('latest').getByRole('checkbox').check();
    await at.main.getByRole('button', { name: `Copy ${SAMPLE}:latest to…` }).click();
    await at.dialog.getByLabel('Registry').selectOption({ label: 'Office' });
    await at.dialog.getByLabel('Repository').fill('cut/{name}');
    await at.dialog.getByLabel('Tag', { exact: true }).fill('{tag}');
    await at.dialog.getByRole('button', { name: 'linux/amd64' }).click();
    await at.makePlan();
    await at.planRows.first().click();
    expect(await isShown(at.dialog.getByText('Becomes, cut to its platforms'))).toBe(true);
    await at.start('Start copy');
    expect(await isDone('cut/hello-multiarch')).toBe(true);
    const index = JSON.parse(await raw(registry.host, 'cut/hello-multiarch', 'latest')) as {
      readonly manifests: readonly { readonly platform?: { readonly architecture: string } }[];
    };
    expect(index.manifests.map(({ platform }) => platform?.architecture)).toEqual(['amd64']);
  });

  it('wants a decision where a tag holds something else, and then keeps to it', async () => {
    await skopeoPushContent(latestOf(helloMultiarch), `${registry.host}/decide/hello-multiarch:1.0`);
    const before = await raw(registry.host, 'decide/hello-multiarch', '1.0');
    await at.tagRow('1.0').getByText('KiB').click({ button: 'right' });
    await app.page.getByRole('menuitem', { name: 'Copy to…' }).click();
    await at.dialog.getByLabel('Registry').selectOption({ label: 'Office' });
    await at.dialog.getByLabel('Repository').fill('decide/{name}');
    await at.dialog.getByLabel('Tag', { exact: true }).fill('{tag}');
    await at.makePlan();
    expect(await isShown(at.dialog.getByText('1 conflict needs a decision'))).toBe(true);
    const start = at.dialog.getByRole('button', { name: 'Start copy' });
    await expect.poll(() => start.getAttribute('aria-disabled')).toBe('true');
    await at.planRows.getByRole('combobox').selectOption('rename');
    await at.planRows.getByRole('textbox').fill('1.0-ours');
    await at.start('Start copy');
    expect(await isDone('decide/hello-multiarch')).toBe(true);
    await expectCopied('decide/hello-multiarch', '1.0-ours', '1.0');
    expect(await raw(registry.host, 'decide/hello-multiarch', '1.0')).toBe(before);
  });

  it('keeps an image of another registry offline in Local', async () => {
    await skopeoPushContent(latestOf(helloMultiarch), `${registry.host}/far/away:1.0`);
    const { registryId } = /registry\/(?<registryId>[^/]+)/.exec(await teamPath())!.groups as { registryId: string };
    await at.openRepository(registryId, 'far/away');
    await at.tagRow('1.0').getByText('KiB').click({ button: 'right' });
    await app.page.getByRole('menuitem', { name: 'Keep offline in Local…' }).click();
    await at.start('Start copy');
    expect(await isDone('far/away:1.0')).toBe(true);
    expect(await raw(localHost, 'far/away', '1.0')).toBe(await raw(registry.host, 'far/away', '1.0'));
  });

  it('says when the tag was moved at the source after the plan, and what was done, in the log (FI20)', async () => {
    const target = `${registry.host}/far/moving:1.0`;
    await skopeoPushContent(latestOf(helloMultiarch), target);
    const planned = await raw(registry.host, 'far/moving', '1.0');
    const { registryId } = /registry\/(?<registryId>[^/]+)/.exec(await teamPath())!.groups as { registryId: string };
    await at.openRepository(registryId, 'far/moving');
    await at.tagRow('1.0').getByText('KiB').click({ button: 'right' });
    await app.page.getByRole('menuitem', { name: 'Keep offline in Local…' }).click();
    const start = at.dialog.getByRole('button', { name: 'Start copy' });
    await start.and(app.page.locator(':not([aria-disabled="true"])')).waitFor();
    await skopeoPushContent(latestOf(zstd), target);
    await at.start('Start copy');
    expect(await isDone('far/moving:1.0')).toBe(true);
    expect(await raw(localHost, 'far/moving', '1.0')).toBe(planned);
    await app.page.evaluate(() => {
      location.hash = '/transfers';
    });
    await at.main
      .getByRole('list', { name: 'Transfers' })
      .getByRole('link', { name: /far\/moving/ })
      .first()
      .click();
    expect(await isShown(at.main.getByText('was moved at the source meanwhile'))).toBe(true);
    expect(await isShown(at.main.getByText('Done, source moved on'))).toBe(true);
    await expectNoBarriers(app.page, 'a transfer whose source moved on');
    await at.tab(/^Log/).click();
    const log = at.main.getByRole('textbox', { name: 'Log' });
    for (const line of [/wrote manifest sha256:\w+/, /layer sha256:\w+ \(\d+ bytes\)/, /by now: what was planned/]) {
      expect(await isShown(log.getByText(line).first())).toBe(true);
    }
  });

  it('takes a whole repository dragged from the tree onto an open repository page', async () => {
    await at.drag(at.row('attested').first(), at.main.getByRole('heading', { level: 1, name: SAMPLE }));
    expect(await isShown(at.badge.filter({ hasText: `/${SAMPLE}, mounted` }))).toBe(true);
    await app.page.mouse.up();
    expect(await isShown(at.dialog.getByRole('grid', { name: 'Plan' }))).toBe(true);
    await app.page.keyboard.press('Escape');
    expect(await isGone(at.dialog)).toBe(true);
  });

  it('runs its commands from the palette, and lists every transfer on a page of its own', async () => {
    await app.page.keyboard.press('Control+k');
    await at.dialog.getByRole('combobox').fill('transfers');
    await app.page.getByRole('option', { name: 'Transfers', exact: true }).click();
    const list = at.main.getByRole('list', { name: 'Transfers' });
    expect(await isShown(list.getByText('Done').first())).toBe(true);
    await list.getByRole('link').first().click();
    expect(await isShown(at.main.getByRole('grid', { name: 'Images' }))).toBe(true);
    await at.tab(/^Log/).click();
    expect(await isShown(at.main.getByRole('tabpanel', { name: 'Log' }))).toBe(true);
    await expectNoBarriers(app.page, 'the page of transfers');
    await app.page.reload();
    expect(await isShown(at.main.getByRole('grid', { name: 'Images' }))).toBe(true);
    expect(app.problems).toEqual([]);
  });

  /** F6 goes from zone to zone, Tab through what is in the zone of the tree. */
  const goToTree = async () => {
    const isIn = (selector: string) =>
      app.page.evaluate((wanted) => document.activeElement?.closest(wanted) !== null, selector);
    for (let step = 0; step < 6 && !(await isIn('nav#tree')); step += 1) await app.page.keyboard.press('F6');
    for (let step = 0; step < 4 && !(await isIn('[role="tree"]')); step += 1) await app.page.keyboard.press('Tab');
  };

  /** The address of the page of the second registry. */
  const teamPath = async (): Promise<string> => {
    await at.row('Office').click();
    await at.main.getByRole('heading', { level: 1, name: 'Office' }).waitFor();
    return app.page.url();
  };
});
