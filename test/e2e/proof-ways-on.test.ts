import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { zstd } from '#main/core/local-registry/samples/shapes.ts';
import { hasChromium, isGone, isShown, startApp, type App } from '#test/support/app.ts';
import { expectNoBarriers } from '#test/support/axe.ts';
import { selfSigned } from '#test/support/certificates.ts';
import { type DockerRegistry, startDockerRegistry } from '#test/support/docker-registry.ts';
import { type FakeRegistry, json, startFakeRegistry } from '#test/support/fake-registry.ts';
import { freePort } from '#test/support/free-port.ts';
import { gantryPage, type GantryPage } from '#test/support/gantry-page.ts';
import { buildImage } from '#test/support/oci-builder.ts';
import { latestOf, skopeoPushContent } from '#test/support/push-samples.ts';
import { hasTools } from '#test/support/tools.ts';

const USER = { username: 'alice', password: 'correct horse' } as const;

const isReady = hasChromium() && hasTools('docker-registry', 'htpasswd', 'skopeo', 'openssl');

/** Registries that were added as they are, without a test: each fault shows where its content would be. */
describe.skipIf(!isReady)('a registry that cannot be read says why and what to do', () => {
  let app: App;
  let at: GantryPage;
  let locked: DockerRegistry;
  let secure: DockerRegistry;
  let closed: FakeRegistry;
  beforeAll(async () => {
    locked = await startDockerRegistry({ auth: { kind: 'htpasswd', ...USER } });
    secure = await startDockerRegistry({ tls: await selfSigned() });
    await skopeoPushContent(latestOf(zstd), `${locked.host}/team/app:1.0`, USER);
    const image = buildImage();
    closed = await startFakeRegistry(({ path }) => {
      if (path === '/v2/') return json({});
      if (path.startsWith('/v2/_catalog')) return json({ errors: [{ code: 'UNAUTHORIZED', message: 'no' }] }, {}, 401);
      if (path.startsWith('/v2/hidden/app/tags/')) return json({ name: 'hidden/app', tags: ['7.0'] });
      if (path.startsWith('/v2/hidden/app/manifests/'))
        return { headers: { 'content-type': image.descriptor.mediaType }, body: Buffer.from(image.bytes) };
      if (path.startsWith('/v2/hidden/app/blobs/')) return { body: Buffer.from(image.config.bytes) };
      return undefined;
    });
    app = await startApp();
    at = gantryPage(app.page);
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
    for (const registry of [locked, secure, closed]) await registry[Symbol.asyncDispose]();
  });

  /** The page and the row in the tree say the same. */
  const expectAlert = async (title: string | RegExp) => {
    expect(await isShown(at.main.getByRole('alert').getByText(title))).toBe(true);
    expect(await isShown(at.tree.getByRole('treeitem').getByText(title).first())).toBe(true);
  };
  const mainButton = (name: string | RegExp) => at.main.getByRole('alert').getByRole('button', { name });
  const save = async () => {
    await at.dialog.getByRole('button', { name: 'Save' }).click();
    await at.dialog.waitFor({ state: 'detached' });
  };

  it('wrong password: Sign in… leads to the right one, and to the content', async () => {
    await at.add({ host: locked.host, label: 'Locked', ...USER, password: 'wrong', plainHttp: true });
    await expectAlert('The registry did not accept your sign-in');
    await expectNoBarriers(app.page, 'wrong password');
    await mainButton('Sign in…').click();
    await at.dialog.getByLabel('Password or access token').fill(USER.password);
    await save();
    expect(await isShown(at.main.getByRole('link', { name: 'team/app' }))).toBe(true);
    expect(await isGone(at.main.getByRole('alert'))).toBe(true);
  });

  it('repository that is not there: says so, and Try again asks again', async () => {
    await at.goTo(`${locked.host}/team/nothing`);
    expect(await isShown(at.main.getByRole('alert').getByText('There is no such repository'))).toBe(true);
    await expectNoBarriers(app.page, 'no such repository');
    await skopeoPushContent(latestOf(zstd), `${locked.host}/team/nothing:2.0`, USER);
    await mainButton('Try again').click();
    expect(await isShown(at.main.getByRole('row', { name: /2\.0/ }))).toBe(true);
  });

  it('tag that is gone: says so, the repository one step away', async () => {
    await at.goTo(`${locked.host}/team/app:gone`);
    expect(await isShown(at.main.getByRole('alert').getByText('There is no such tag or digest'))).toBe(true);
    await expectNoBarriers(app.page, 'no such tag');
    await at.main.getByRole('heading', { level: 1 }).getByRole('link', { name: 'team/app' }).click();
    expect(await isShown(at.main.getByRole('row', { name: /1\.0/ }))).toBe(true);
  });

  it('nobody listens: says so, and Try again works once somebody does', async () => {
    const port = await freePort();
    await at.add({ host: `127.0.0.1:${port}`, label: 'Late', plainHttp: true });
    await expectAlert(`127.0.0.1:${port} refused the connection`);
    await expectNoBarriers(app.page, 'unreachable');
    await using late = await startDockerRegistry({ port });
    await skopeoPushContent(latestOf(zstd), `${late.host}/arrived:1.0`);
    await mainButton('Try again').click();
    expect(await isShown(at.main.getByRole('link', { name: 'arrived' }))).toBe(true);
  });

  it('a certificate that nobody vouches for: never skipped by itself, only when told to', async () => {
    await at.add({ host: secure.host, label: 'Secure' });
    await expectAlert(`The certificate of ${secure.host} is not trusted`);
    await at.main.getByText('Details').click();
    const chain = at.main.getByRole('list', { name: 'Certificates' });
    expect(await isShown(chain.getByText('CN=gantry test'))).toBe(true);
    expect(await isShown(chain.getByText('itself'))).toBe(true);
    expect(await isShown(chain.getByRole('button', { name: 'Copy fingerprint' }))).toBe(true);
    await expectNoBarriers(app.page, 'bad certificate');
    await mainButton('Skip verification…').click();
    await at.dialog.getByRole('checkbox', { name: 'Skip certificate verification' }).click();
    await save();
    expect(await isShown(at.main.getByText('No repositories').first())).toBe(true);
    expect(await isShown(at.main.getByText('Certificate not verified'))).toBe(true);
    await expectNoBarriers(app.page, 'an empty registry');
  });

  it('plain http on this machine: found without being told', async () => {
    await using plain = await startDockerRegistry();
    await skopeoPushContent(latestOf(zstd), `${plain.host}/open/app:1.0`);
    await at.add({ host: plain.host, label: 'Plain' });
    expect(await isShown(at.main.getByRole('link', { name: 'open/app' }))).toBe(true);
  });

  it('a closed catalog: a repository pinned by name is browsed like any other', async () => {
    await at.add({ host: closed.host, label: 'Closed', plainHttp: true });
    expect(await isShown(at.main.getByText('This registry does not list its repositories'))).toBe(true);
    expect(await isShown(at.tree.getByText('Catalog not available'))).toBe(true);
    await expectNoBarriers(app.page, 'a closed catalog');
    await at.main.getByRole('alert').getByRole('button', { name: 'Pin a repository…' }).click();
    await expectNoBarriers(app.page, 'the pin dialog');
    await at.dialog.getByLabel('Repository').fill('Not A Name');
    await at.dialog.getByRole('button', { name: 'Pin' }).click();
    expect(await isShown(at.dialog.getByText('Not a repository name'))).toBe(true);
    await at.dialog.getByLabel('Repository').fill('hidden/app');
    await at.dialog.getByRole('button', { name: 'Pin' }).click();
    await at.main.getByRole('row', { name: /7\.0/ }).getByRole('link', { name: '7.0' }).click();
    expect(await isShown(at.main.getByText('Image for'))).toBe(true);
  });

  it('a malformed reference: the reason in place, the page behind and the text untouched', async () => {
    await at.goTo('hidden/app:-bad tag');
    const field = app.page.getByRole('textbox', { name: /^Address/ });
    expect(await isShown(app.page.getByRole('alert').first())).toBe(true);
    expect(await field.inputValue()).toBe('hidden/app:-bad tag');
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    expect(await isShown(at.main.getByText('Image for'))).toBe(true);
    await expectNoBarriers(app.page, 'a malformed reference');
    await app.page.keyboard.press('Escape');
    expect(await isShown(at.main.getByText('Image for'))).toBe(true);
  });

  it('breaks no rule of the content security policy on the way', () => {
    expect(app.problems).toEqual([]);
  });
});
