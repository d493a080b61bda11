import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { helloMultiarch } from '#main/core/local-registry/samples/hello-multiarch.ts';
import { copiedText, hasChromium, isShown, startApp, type App } from '#test/support/app.ts';
import { expectNoBarriers } from '#test/support/axe.ts';
import { type DockerRegistry, startDockerRegistry } from '#test/support/docker-registry.ts';
import { gantryPage, type GantryPage } from '#test/support/gantry-page.ts';
import { latestOf, skopeoPushContent } from '#test/support/push-samples.ts';
import { skopeo, skopeoRawManifest } from '#test/support/skopeo.ts';
import { hasTools } from '#test/support/tools.ts';

const USER = { username: 'alice', password: 'correct horse' } as const;
const REPOSITORY = 'team/web/hello';
/** With a password there is no token to ask for, and so no scopes. */
const RUNGS = [
  ['Address', 'passed'],
  ['Connection', 'passed'],
  ['Registry protocol', 'passed'],
  ['Sign-in method', 'passed'],
  ['Credential', 'passed'],
  ['Token', 'skipped'],
  ['Scopes', 'skipped'],
  ['First call', 'passed'],
] as const;

type Wire = { readonly digest: string; readonly size: number; readonly mediaType: string };
type WireIndex = { readonly manifests: readonly (Wire & { readonly platform: Readonly<Record<string, string>> })[] };
type WireManifest = { readonly config: Wire; readonly layers: readonly Wire[] };
type WireConfig = {
  readonly config: {
    readonly Env: readonly string[];
    readonly Entrypoint: readonly string[];
    readonly Labels: Readonly<Record<string, string>>;
  };
};

const isReady = hasChromium() && hasTools('docker-registry', 'htpasswd', 'skopeo');

describe.skipIf(!isReady)('from a registry to the config of one platform', () => {
  let app: App;
  let at: GantryPage;
  let registry: DockerRegistry;
  let raw: string;
  let index: WireIndex;
  let arm: { readonly digest: string; readonly manifest: WireManifest; readonly config: WireConfig };
  const ask = (...args: readonly string[]) =>
    skopeo('inspect', '--tls-verify=false', '--creds', `${USER.username}:${USER.password}`, ...args);
  beforeAll(async () => {
    registry = await startDockerRegistry({ auth: { kind: 'htpasswd', ...USER } });
    const image = `${registry.host}/${REPOSITORY}`;
    await skopeoPushContent(latestOf(helloMultiarch), `${image}:1.2.0`, USER);
    raw = await skopeoRawManifest(`${image}:1.2.0`, USER);
    index = JSON.parse(raw) as WireIndex;
    const { digest } = index.manifests.find(({ platform }) => platform['architecture'] === 'arm64')!;
    arm = {
      digest,
      manifest: JSON.parse(await ask('--raw', `docker://${image}@${digest}`)) as WireManifest,
      config: JSON.parse(await ask('--config', '--raw', `docker://${image}@${digest}`)) as WireConfig,
    };
    app = await startApp();
    at = gantryPage(app.page);
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
    await registry[Symbol.asyncDispose]();
  });

  const openTab = async (name: string) => {
    await at.tab(name).click();
    await app.page.waitForFunction(() => document.querySelector('main [aria-busy=true]') === null);
  };

  it('connects with user and password, each rung shown with its result', async () => {
    await at.openDialog();
    await at.typeIn({ host: registry.host, label: 'Team', ...USER, plainHttp: true });
    await at.dialog.getByRole('button', { name: 'Test connection' }).click();
    await app.page.locator('[aria-label="Connection test"][aria-busy="false"]').waitFor();
    const steps = at.dialog.getByRole('region', { name: 'Connection test' });
    const rungs = steps.getByRole('listitem');
    await expect.poll(() => rungs.count()).toBe(RUNGS.length);
    for (const [name, state] of RUNGS) {
      expect(await isShown(rungs.filter({ hasText: name }).getByLabel(state).first())).toBe(true);
    }
    expect(await isShown(steps.getByText(/^let in: /))).toBe(true);
    await expectNoBarriers(app.page, 'the connect dialog after a test');
    await at.dialog.getByRole('button', { name: 'Add registry' }).click();
    expect(await isShown(at.main.getByRole('heading', { level: 1, name: 'Team' }))).toBe(true);
    await expectNoBarriers(app.page, 'the registry page');
  });

  it('finds the repository in the tree and its tag in the table', async () => {
    // Once they are listed, the last rows of these names are the ones of this registry.
    await at.main.getByRole('link', { name: REPOSITORY }).waitFor();
    for (const name of ['team', 'web']) await at.unfold(at.row(name).last());
    await at.row('hello').click();
    const row = at.main.getByRole('row', { name: /1\.2\.0/ });
    expect(await isShown(row.getByText('+2'))).toBe(true);
    await expectNoBarriers(app.page, 'the repository page');
    await row.getByRole('link', { name: '1.2.0' }).click();
    expect(await isShown(at.tab('Overview'))).toBe(true);
  });

  it('shows the digest of the index that skopeo sees', async () => {
    const { Digest } = JSON.parse(await ask(`docker://${registry.host}/${REPOSITORY}:1.2.0`)) as { Digest: string };
    await openTab('Overview');
    expect(await isShown(at.main.getByText(Digest, { exact: true }).first())).toBe(true);
    expect(await isShown(at.inspector.getByText(Digest, { exact: true }).first())).toBe(true);
    await expectNoBarriers(app.page, 'Overview');
  });

  it('shows every platform of the index with its digest', async () => {
    await openTab('Platforms');
    const table = at.main.getByRole('table', { name: 'Platforms' });
    expect(await isShown(table)).toBe(true);
    for (const { digest, platform } of index.manifests) {
      expect(await isShown(table.getByRole('link', { name: platform['architecture']! }).first())).toBe(true);
      const short = digest.slice('sha256:'.length).slice(0, 12);
      await expect.poll(() => table.getByText(short).count()).toBe(1);
    }
    await expectNoBarriers(app.page, 'Platforms');
  });

  it('goes to one platform, whose config says what skopeo says', async () => {
    await at.main.getByRole('link', { name: /arm64/ }).click();
    expect(await isShown(at.main.getByText(arm.digest, { exact: true }).first())).toBe(true);
    await openTab('Config');
    const { Env, Entrypoint, Labels } = arm.config.config;
    const words = [...Entrypoint, ...Env.map((line) => line.split('=')[1]!), ...Object.values(Labels)];
    const shown = await Promise.all(words.map((word) => isShown(at.main.getByText(word).first())));
    expect(words.filter((_, index) => shown[index] === false)).toEqual([]);
    await expectNoBarriers(app.page, 'Config');
  });

  it('lists the layers of that platform in order', async () => {
    await openTab('Layers');
    const rows = at.main.getByRole('table', { name: /Layers/ }).locator('tbody tr');
    await expect.poll(() => rows.count()).toBe(arm.manifest.layers.length);
    for (const [number, { digest }] of arm.manifest.layers.entries())
      expect(await rows.nth(number).innerHTML()).toContain(digest);
    await rows.first().getByRole('button').click();
    expect(await isShown(at.inspector.getByText(arm.manifest.layers[0]!.digest).first())).toBe(true);
    await expectNoBarriers(app.page, 'Layers');
  });

  it('shows and copies the bytes of the index exactly as they were sent', async () => {
    await openTab('Raw');
    await at.main.getByText('As sent', { exact: true }).click();
    await at.main.getByRole('button', { name: /^Copy.* as sent$/ }).click();
    await expect.poll(() => copiedText(app.page)).toBe(raw);
    expect(await isShown(at.main.getByText(/sha256 verified/))).toBe(true);
    await expectNoBarriers(app.page, 'Raw');
  });

  it('goes on from a digest in the raw index to that manifest', async () => {
    await at.main.getByText('Pretty', { exact: true }).click();
    await at.main.getByRole('link', { name: arm.digest }).click();
    // The index has such a tab, too.
    await at.main.getByRole('heading', { level: 1, name: /@/ }).waitFor();
    await openTab('Raw');
    expect(await isShown(at.main.getByText(arm.manifest.config.digest).first())).toBe(true);
  });

  it('goes back the way it came', async () => {
    for (let step = 0; step < 3; step += 1) {
      const before = app.page.url();
      await at.button('Back').click();
      await expect.poll(() => app.page.url()).not.toBe(before);
    }
    expect(await isShown(at.main.getByRole('table', { name: /Layers/ }))).toBe(true);
    expect(app.problems).toEqual([]);
  });
});
