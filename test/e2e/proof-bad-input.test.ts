import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, isShown, startApp, type App } from '#test/support/app.ts';
import { expectNoBarriers } from '#test/support/axe.ts';
import { type FakeRegistry, json, type Reply, startFakeRegistry } from '#test/support/fake-registry.ts';
import { gantryPage, type GantryPage } from '#test/support/gantry-page.ts';
import { build, buildImage, type Built } from '#test/support/oci-builder.ts';

const MIB = 1024 * 1024;
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/** What one repository of the fake answers; changed while a test runs. */
type Answers = {
  readonly tags?: Reply;
  readonly manifest?: Reply;
  readonly config?: Reply;
};

const good = buildImage({ config: { config: { Env: ['PROOF=good bytes'] } } });

const served = ({ bytes, descriptor }: Built): Reply => ({
  headers: { 'content-type': descriptor.mediaType, 'docker-content-digest': descriptor.digest },
  body: Buffer.from(bytes),
});

const html: Reply = {
  headers: { 'content-type': 'text/html' },
  body: '<!doctype html><title>Sign in</title><script>alert(1)</script>',
};

const deep = (bytes: number) => `${'['.repeat(bytes)}${']'.repeat(bytes)}`;

/** Promises more than it sends, then hangs up. */
const truncated = (type: string): Reply => ({
  raw: (socket, response) => {
    response.writeHead(200, { 'content-type': type, 'content-length': '5000' });
    response.write('{"schemaVersion": 2,');
    setTimeout(() => socket.destroy(), 20);
  },
});

const manifestWith = (body: string | Buffer, type = MANIFEST): Reply => ({ headers: { 'content-type': type }, body });

const bigManifest = () =>
  manifestWith(JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, padding: 'x'.repeat(4 * MIB) }));

const hostile = build(
  {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: { mediaType: '<img src=x onerror=alert(1)>', digest: 'sha256:../../etc/passwd', size: -1 },
    layers: 'none',
    __proto__: { polluted: true },
  },
  MANIFEST,
);

const bigConfig = buildImage({ config: { author: 'x'.repeat(4 * MIB) } });

describe.skipIf(!hasChromium())('bad input from a registry', () => {
  let app: App;
  let at: GantryPage;
  let fake: FakeRegistry;
  const repositories = new Map<string, Answers>();
  beforeAll(async () => {
    fake = await startFakeRegistry(({ path }) => {
      if (path === '/v2/') return json({});
      const found = /^\/v2\/(bad\/[\w-]+)\/(tags|manifests|blobs)\//.exec(path);
      const answers = repositories.get(found?.[1] ?? '');
      if (answers === undefined) return undefined;
      if (found?.[2] === 'tags') return answers.tags ?? json({ name: found[1], tags: ['1.0'] });
      if (found?.[2] === 'manifests') return answers.manifest ?? served(good);
      return answers.config ?? served(good.config);
    });
    app = await startApp();
    at = gantryPage(app.page);
    await at.add({ host: fake.host, label: 'Bad', plainHttp: true });
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
    await fake[Symbol.asyncDispose]();
  });
  afterEach(async () => {
    // Whatever came, the next thing works, in the same page.
    await app.page.evaluate(() => {
      location.hash = '/registry/local/image/samples%2Fzstd/latest/overview';
    });
    await at.main.getByRole('heading', { level: 1, name: /zstd/ }).waitFor();
    await at.main.getByText('Image for').waitFor();
  });

  const open = async (repository: string, answers: Answers) => {
    repositories.set(repository, answers);
    await at.goTo(`${fake.host}/${repository}:1.0`);
  };
  /** The registry mends itself; Try again shows what is there now: nothing bad was kept. */
  const mend = async (repository: string) => {
    repositories.set(repository, {});
    await at.main.getByRole('button', { name: 'Try again' }).first().click();
  };
  const expectGoodImage = async () => {
    expect(await isShown(at.main.getByText('linux/amd64').first())).toBe(true);
    await at.tab('Config').click();
    expect(await isShown(at.main.getByText('good bytes'))).toBe(true);
  };

  const manifests: readonly (readonly [name: string, repository: string, reply: () => Reply, text: string | RegExp])[] =
    [
      ['a manifest over 4 MiB', 'bad/large', bigManifest, 'Too large to open'],
      ['a web page instead of a manifest', 'bad/html', () => html, /web page/],
      ['a manifest that is no JSON', 'bad/not-json', () => manifestWith('{"schemaVersion": 2,,}'), /should be JSON/],
      [
        'a manifest nested 65 deep',
        'bad/deep',
        () => manifestWith(`{"schemaVersion":2,"x":${deep(65)}}`),
        /nested deeper/,
      ],
      ['a manifest cut off half-way', 'bad/cut', () => truncated(MANIFEST), /half an answer|broke the connection off/],
      ['a manifest of the wrong shape', 'bad/hostile', () => served(hostile), 'The answer is not one a registry gives'],
    ];

  it.each(manifests)('shows %s as that, and keeps nothing of it', async (_name, repository, reply, text) => {
    await open(repository, { manifest: reply() });
    expect(await isShown(at.main.getByRole('alert').getByText(text).first())).toBe(true);
    await at.main.getByRole('alert').first().waitFor();
    // Too large is the one error that trying again cannot mend by itself: the page's own button asks again.
    if (text === 'Too large to open') {
      repositories.set(repository, {});
      await at.main.getByRole('button', { name: 'Look again' }).click();
    } else await mend(repository);
    await expectGoodImage();
  });

  it('M01 shows a manifest that is not what its digest says as that, and keeps nothing of it', async () => {
    const { digest } = good.descriptor;
    repositories.set('bad/digest', { manifest: manifestWith(Buffer.concat([good.bytes, Buffer.from(' ')])) });
    await at.goTo(`${fake.host}/bad/digest@${digest}`);
    expect(await isShown(at.main.getByText('The content is not what its digest says').first())).toBe(true);
    await mend('bad/digest');
    await expectGoodImage();
  });

  it('M02 says so when a registry calls a manifest by another digest than that of its bytes', async () => {
    const headers = { 'content-type': MANIFEST, 'docker-content-digest': `sha256:${'0'.repeat(64)}` };
    await open('bad/header', { manifest: { headers, body: Buffer.from(good.bytes) } });
    expect(await isShown(at.main.getByText(/The registry calls this manifest sha256:0000/))).toBe(true);
    expect(await isShown(at.main.getByText(good.descriptor.digest).first())).toBe(true);
  });

  it('shows a config over 4 MiB as that, the manifest still to be seen', async () => {
    await open('bad/large-config', { manifest: served(bigConfig), config: served(bigConfig.config) });
    expect(await isShown(at.main.getByText('Too large to open').first())).toBe(true);
  });

  it('shows a config that is not what its digest says, and keeps nothing of it', async () => {
    await open('bad/config-digest', {
      config: manifestWith(Buffer.alloc(good.config.bytes.length, '{'), 'text/plain'),
    });
    expect(await isShown(at.main.getByText('The content is not what its digest says').first())).toBe(true);
    await mend('bad/config-digest');
    await expectGoodImage();
  });

  const tagPages: readonly (readonly [name: string, repository: string, reply: () => Reply, text: string | RegExp])[] =
    [
      [
        'P01 a tag page over 8 MiB',
        'bad/many',
        () => json({ name: 'bad/many', tags: Array.from({ length: 900_000 }, (_, tag) => `v${tag}.0.0`) }),
        'Too large to open',
      ],
      ['a web page instead of tags', 'bad/tags-html', () => html, /web page/],
      [
        'tags that are no list',
        'bad/tags-shape',
        () => json({ name: 'x', tags: { a: 1 } }),
        'The answer is not one a registry gives',
      ],
      [
        'tags cut off half-way',
        'bad/tags-cut',
        () => truncated('application/json'),
        /half an answer|broke the connection off/,
      ],
    ];

  it.each(tagPages)('shows %s as that, and the tags once they are good', async (_name, repository, reply, text) => {
    repositories.set(repository, { tags: reply() });
    await at.goTo(`${fake.host}/${repository}`);
    expect(await isShown(at.main.getByText(text).first())).toBe(true);
    repositories.set(repository, {});
    await at.main
      .getByRole('button', { name: /^(Try again|Refresh tags)$/ })
      .last()
      .click();
    expect(await isShown(at.main.getByRole('row', { name: /1\.0/ }))).toBe(true);
  });

  it('leaves out names that are none, and says how many', async () => {
    const tags = ['1.0', '../../etc/passwd', '-rm', '<b>', 'a'.repeat(200), '\u202Egpj'];
    repositories.set('bad/names', { tags: json({ name: 'bad/names', tags }) });
    await at.goTo(`${fake.host}/bad/names`);
    expect(await isShown(at.main.getByRole('row', { name: /1\.0/ }))).toBe(true);
    expect(await isShown(at.main.getByText(/5 malformed|5 .*left out/))).toBe(true);
    await expectNoBarriers(app.page, 'a repository with malformed names');
  });

  it('shows a tag whose details are bad as an error in its own row', async () => {
    const tags = json({ name: 'bad/row', tags: ['1.0'] });
    repositories.set('bad/row', { tags, manifest: html });
    await at.goTo(`${fake.host}/bad/row`);
    expect(await isShown(at.main.getByRole('row', { name: /1\.0/ }).getByText(/not one a registry gives/))).toBe(true);
    repositories.set('bad/row', { tags });
    await at.main.getByRole('row', { name: /1\.0/ }).getByRole('button', { name: 'Try again' }).click();
    expect(await isShown(at.main.getByRole('row', { name: /1\.0/ }).getByText('amd64'))).toBe(true);
  });

  it('runs nothing of it', () => {
    expect(app.problems).toEqual([]);
  });
});
