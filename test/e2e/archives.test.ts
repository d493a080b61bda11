import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, isGone, isShown, startApp, type App } from '#test/support/app.ts';
import { expectNoBarriers } from '#test/support/axe.ts';
import { type DockerRegistry, startDockerRegistry } from '#test/support/docker-registry.ts';
import { makeTemporaryFolder } from '#test/support/local-registry.ts';
import { skopeo, skopeoCopy, skopeoRawManifest } from '#test/support/skopeo.ts';
import { hasTools } from '#test/support/tools.ts';
import { transferPage, type TransferPage } from '#test/support/transfer-page.ts';

const SAMPLE = 'samples/hello-multiarch';

describe.skipIf(!hasChromium() || !hasTools('docker-registry', 'skopeo'))('archives in the browser', () => {
  let app: App;
  let at: TransferPage;
  let registry: DockerRegistry;
  let localHost: string;
  let folder: Awaited<ReturnType<typeof makeTemporaryFolder>>;
  beforeAll(async () => {
    folder = await makeTemporaryFolder();
    registry = await startDockerRegistry();
    app = await startApp();
    at = transferPage(app.page);
    localHost = (await app.page.getByText(/^Local registry at /).innerText()).replace('Local registry at ', '');
    await at.add({ host: registry.host, label: 'Team', plainHttp: true });
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
    await registry[Symbol.asyncDispose]();
    await folder.remove();
  });

  it('pushes a docker archive dropped on a registry, with the name it has there', async () => {
    const path = join(folder.path, 'docker.tar');
    await skopeoCopy(`docker://${localHost}/${SAMPLE}:1.0`, `docker-archive:${path}:example.com/team/dropped:1.0`);
    await at.dropFiles(at.row('Team'), [{ name: 'docker.tar', bytes: await readFile(path) }]);
    expect(await isShown(at.dialog.getByText(/^Docker archive, 1 image/))).toBe(true);
    expect(await isShown(at.dialog.getByTitle(`${registry.host}/team/dropped:1.0`))).toBe(true);
    await expectNoBarriers(app.page, 'the choices of a push');
    await at.makePlan();
    await at.start('Start push');
    expect(await isShown(at.line('team/dropped').filter({ hasText: 'Done' }))).toBe(true);
    const { Layers } = JSON.parse(
      await skopeo('inspect', '--tls-verify=false', `docker://${registry.host}/team/dropped:1.0`),
    ) as { readonly Layers: readonly string[] };
    expect(Layers.length).toBeGreaterThan(0);
  });

  it('lists every image of an OCI archive, takes those that are ticked, and asks for a name where there is none', async () => {
    const path = join(folder.path, 'oci.tar');
    await skopeoCopy(`docker://${localHost}/${SAMPLE}:1.1`, `oci-archive:${path}:1.1`, '--all');
    await at.dropFiles(at.row('Team'), [{ name: 'oci.tar', bytes: await readFile(path) }]);
    expect(await isShown(at.dialog.getByText(/^OCI archive, 1 image/))).toBe(true);
    expect(await isShown(at.dialog.getByText('Type a repository'))).toBe(true);
    await at.dialog.getByLabel('Repository').fill('named/here');
    await at.makePlan();
    await at.start('Start push');
    expect(await isShown(at.line('named/here').filter({ hasText: 'Done' }))).toBe(true);
    expect(await skopeoRawManifest(`${registry.host}/named/here:1.1`)).toBe(
      await skopeoRawManifest(`${localHost}/${SAMPLE}:1.1`),
    );
  });

  it('says what is wrong with a file that is no archive, and pushes nothing', async () => {
    await at.dropFiles(at.row('Team'), [{ name: 'notes.txt', bytes: Buffer.from('no archive') }]);
    expect(await isShown(at.dialog.getByRole('alert'))).toBe(true);
    const plan = at.dialog.getByRole('button', { name: 'Make the plan' });
    await expect.poll(() => plan.getAttribute('aria-disabled')).toBe('true');
    await app.page.keyboard.press('Escape');
    expect(await isGone(at.dialog)).toBe(true);
  });

  it('saves images to an OCI archive that skopeo reads, by a download of the browser', async () => {
    await at.openRepository('local', SAMPLE);
    await at.tagRow('latest').getByText('KiB').click({ button: 'right' });
    await app.page.getByRole('menuitem', { name: 'Save to a file…' }).click();
    await expect.poll(() => at.dialog.getByLabel('File name').inputValue()).toBe('hello-multiarch-latest.tar');
    expect(await at.dialog.getByRole('radio', { name: 'OCI layout' }).count()).toBe(0);
    await expectNoBarriers(app.page, 'the choices of saving');
    await at.makePlan();
    await at.start('Start saving');
    const button = at.dock.getByRole('button', { name: /^Download: / });
    await button.waitFor();
    const [download] = await Promise.all([app.page.waitForEvent('download'), button.click()]);
    expect(download.suggestedFilename()).toBe('hello-multiarch-latest.tar');
    const path = join(folder.path, 'saved.tar');
    await download.saveAs(path);
    const images = JSON.parse(await skopeo('inspect', '--raw', `oci-archive:${path}`)) as unknown;
    expect(images).toEqual(JSON.parse(await skopeoRawManifest(`${localHost}/${SAMPLE}:latest`)));
    expect(app.problems).toEqual([]);
  });
});
