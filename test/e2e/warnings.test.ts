import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, isShown, seriousFindings, startApp, type App } from '#test/support/app.ts';
import { type FakeRegistry, json, startFakeRegistry } from '#test/support/fake-registry.ts';
import { gantryPage, type GantryPage } from '#test/support/gantry-page.ts';
import { buildImage } from '#test/support/oci-builder.ts';

const image = buildImage();
const warning = (text: string) => `299 - "${text}"`;
const TAGS = ['old', 'slow', 'loud', 'read-only', 'moving'].map((word) => warning(`the registry is ${word}`));
const REFERRERS = {
  'content-type': 'application/vnd.oci.image.index.v1+json',
  warning: warning('signatures are kept for a month'),
};
const NO_REFERRERS = { schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [] };

/** Spec: OCI Distribution 1.1, "Warnings": any answer may bring them, and a client should show them. */
describe.skipIf(!hasChromium())('U08 the warnings of a registry', () => {
  let app: App;
  let at: GantryPage;
  let fake: FakeRegistry;
  const said = (text: string) => at.main.getByRole('group', { name: 'Warnings' }).getByText(text);

  beforeAll(async () => {
    fake = await startFakeRegistry(({ path }) => {
      if (path === '/v2/') return json({});
      if (path.startsWith('/v2/_catalog')) {
        return json({ repositories: ['odd/app', 'odd/bare'] }, { warning: warning('closes in June') });
      }
      if (path.startsWith('/v2/odd/bare/tags/')) {
        return json({ name: 'odd/bare', tags: [] }, { warning: warning('was emptied') });
      }
      if (path.includes('/tags/')) {
        const body = JSON.stringify({ name: 'odd/app', tags: ['1.0'] });
        return { headers: { 'content-type': 'application/json', warning: TAGS }, body };
      }
      if (path.includes('/referrers/')) return json(NO_REFERRERS, REFERRERS);
      if (path.includes('/blobs/')) return { body: Buffer.from(image.config.bytes) };
      const headers = { 'content-type': image.descriptor.mediaType, warning: warning('this tag is going away') };
      return { headers, body: Buffer.from(image.bytes) };
    });
    app = await startApp();
    at = gantryPage(app.page);
    await at.add({ host: fake.host, plainHttp: true });
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
    await fake[Symbol.asyncDispose]();
  });

  it('stand above its repositories, told as its words', async () => {
    expect(await isShown(said('The registry says: closes in June'))).toBe(true);
  });

  it('stand above the tags, three at first and all when asked for', async () => {
    await at.goTo(`${fake.host}/odd/app`);
    expect(await isShown(said('the registry is old'))).toBe(true);
    expect(await said('the registry is moving').count()).toBe(0);
    await at.button('Show 2 more warnings').click();
    expect(await isShown(said('the registry is moving'))).toBe(true);
    expect(await seriousFindings(app.page)).toEqual([]);
  });

  it('stand where there are no tags, too', async () => {
    await at.goTo(`${fake.host}/odd/bare`);
    expect(await isShown(said('was emptied'))).toBe(true);
    expect(await isShown(at.main.getByText('No tags', { exact: true }))).toBe(true);
  });

  it('stand above an image and its referrers', async () => {
    await at.goTo(`${fake.host}/odd/app:1.0`);
    expect(await isShown(said('this tag is going away'))).toBe(true);
    await at.tab('Referrers').click();
    expect(await isShown(said('signatures are kept for a month'))).toBe(true);
  });

  it('throw nothing on the way', () => {
    expect(app.problems).toEqual([]);
  });
});
