import { describe, expect, it } from 'vitest';
import type { Digest } from '#shared/oci/digest.ts';
import { MEDIA_TYPE } from '#shared/oci/media-type.ts';
import { registryErrorOf, startEngine, systemClock } from '#test/support/engine.ts';
import { type FakeRegistry, type Reply, json, routes, startFakeRegistry } from '#test/support/fake-registry.ts';
import { buildImage, buildIndex } from '#test/support/oci-builder.ts';
import {
  REPOSITORY,
  SIGNATURE,
  SBOM,
  image,
  TAG,
  API,
  MANIFESTS,
  first,
  second,
  index,
  served,
  code,
  list,
  digests,
  referrer,
} from '#test/support/referrer-documents.ts';

describe('listReferrers by the API', () => {
  it('asks for an index and gives its entries in order, each once', async () => {
    await using registry = await startFakeRegistry(
      routes({ [API]: index([second.descriptor, first.descriptor, second.descriptor]) }),
    );
    await using engine = startEngine(registry.host);
    const page = await list(engine);
    expect(page).toMatchObject({ source: 'api', droppedCount: 0, warnings: [] });
    expect(page).not.toHaveProperty('nextCursor');
    expect(page.referrers).toMatchObject([
      { digest: second.descriptor.digest, artifactType: SBOM, annotations: [['name', 'second']] },
      { digest: first.descriptor.digest, artifactType: SIGNATURE },
    ]);
    expect(registry.lines).toEqual([`GET ${API}`]);
    expect(registry.requests[0]?.headers['accept']).toBe(MEDIA_TYPE.ociIndex);
  });

  it('filters by artifact type itself where the registry did not', async () => {
    await using registry = await startFakeRegistry(routes({ [API]: index([first.descriptor, second.descriptor]) }));
    await using engine = startEngine(registry.host);
    expect(digests(await list(engine, { artifactType: SBOM }))).toEqual([second.descriptor.digest]);
    expect(registry.lines).toEqual([`GET ${API}?artifactType=${encodeURIComponent(SBOM)}`]);
  });

  it('believes a registry that says it has filtered', async () => {
    const { artifactType: _artifactType, ...bare } = second.descriptor;
    await using registry = await startFakeRegistry(
      routes({ [API]: index([bare], { 'oci-filters-applied': 'artifactType' }) }),
    );
    await using engine = startEngine(registry.host);
    expect(digests(await list(engine, { artifactType: SBOM }))).toEqual([second.descriptor.digest]);
  });

  it('follows the link of a page with a cursor of its own', async () => {
    await using registry = await startFakeRegistry(({ path }) =>
      path.includes('?page=2')
        ? index([second.descriptor])
        : index([first.descriptor], { link: `<${API}?page=2>; rel="next"` }),
    );
    await using engine = startEngine(registry.host);
    const page = await list(engine);
    expect(digests(page)).toEqual([first.descriptor.digest]);
    const rest = await list(engine, { cursor: page.nextCursor! });
    expect(digests(rest)).toEqual([second.descriptor.digest]);
    expect(rest).not.toHaveProperty('nextCursor');
  });

  it('takes an index that is called plain JSON', async () => {
    await using registry = await startFakeRegistry(
      routes({ [API]: json({ schemaVersion: 2, manifests: [first.descriptor] }) }),
    );
    await using engine = startEngine(registry.host);
    expect(await list(engine)).toMatchObject({ source: 'api', referrers: [{ digest: first.descriptor.digest }] });
  });

  it('leaves out what is no descriptor, counts it, and never hands on inline data', async () => {
    const broken = [null, 'text', { ...first.descriptor, digest: 'sha256:../../x' }, { ...first.descriptor, size: -1 }];
    const stuffed = { ...first.descriptor, data: Buffer.from('else').toString('base64') };
    await using registry = await startFakeRegistry(routes({ [API]: index([...broken, stuffed]) }));
    await using engine = startEngine(registry.host);
    const page = await list(engine);
    expect(page.droppedCount).toBe(4);
    expect(page.referrers).toHaveLength(1);
    expect(page.referrers[0]).not.toHaveProperty('data');
  });

  it('stops at pages that lead back, and keeps what it has (F01)', async () => {
    await using registry = await startFakeRegistry(() => index([first.descriptor], { link: `<${API}>; rel="next"` }));
    await using engine = startEngine(registry.host);
    const page = await list(engine);
    expect(digests(page)).toHaveLength(1);
    const error = await registryErrorOf(list(engine, { cursor: page.nextCursor! }));
    expect(error.failure).toMatchObject({ kind: 'protocol', reason: 'page-loop' });
    expect(registry.requests).toHaveLength(1);
  });

  it('stops at 1,000 pages (F01)', async () => {
    await using registry = await startFakeRegistry((_request, count) =>
      index([first.descriptor], { link: `<${API}?page=${count + 1}>; rel="next"` }),
    );
    await using engine = startEngine(registry.host);
    const walk = async (cursor?: string): Promise<never> => {
      const page = await list(engine, cursor === undefined ? {} : { cursor });
      return walk(page.nextCursor);
    };
    const error = await registryErrorOf(walk());
    expect(error).toMatchObject({ failure: { kind: 'protocol', reason: 'page-loop' } });
    expect(registry.requests).toHaveLength(1000);
  });

  it('reads 5,000 entries of an answer at most and says that there are more (F01)', async () => {
    const entry = (count: number) => ({
      mediaType: MEDIA_TYPE.ociManifest,
      digest: `sha256:${count.toString(16).padStart(64, '0')}`,
      size: 10,
    });
    await using registry = await startFakeRegistry(
      routes({ [API]: index(Array.from({ length: 20_000 }, (_each, count) => entry(count))) }),
    );
    await using engine = startEngine(registry.host);
    const page = await list(engine);
    expect(page.referrers).toHaveLength(5000);
    expect(page.droppedCount).toBe(15_000);
    const error = await registryErrorOf(list(engine, { cursor: page.nextCursor! }));
    expect(error.failure).toMatchObject({ kind: 'protocol', reason: 'page-loop' });
  });

  it('refuses an answer beyond 8 MiB (F01)', async () => {
    await using registry = await startFakeRegistry(
      routes({ [API]: index([{ ...first.descriptor, annotations: { a: 'x'.repeat(9 * 1024 * 1024) } }]) }),
    );
    await using engine = startEngine(registry.host);
    expect((await registryErrorOf(list(engine))).kind).toBe('too-large');
    expect(registry.requests).toHaveLength(1);
  });

  it.each([401, 403, 429, 500, 503])('does not take %i for a missing API', async (status) => {
    await using registry = await startFakeRegistry(() => ({ status }));
    await using engine = startEngine(registry.host);
    await registryErrorOf(list(engine));
    expect(registry.lines.filter((line) => line.includes('/manifests/'))).toEqual([]);
  });

  it('refuses a digest that is none before anything is sent (M09)', async () => {
    await using registry = await startFakeRegistry(() => undefined);
    await using engine = startEngine(registry.host);
    const digest = 'sha256:../../x' as Digest;
    await expect(engine.client.listReferrers({ repository: REPOSITORY, digest })).rejects.toThrow('not a digest');
    expect(registry.connections).toBe(0);
  });
});

describe('listReferrers by the fallback tag', () => {
  const fallback = buildIndex([first, second]);
  const withTag = (answer: Reply): Promise<FakeRegistry> =>
    startFakeRegistry(routes({ [API]: answer, [`${MANIFESTS}/${TAG}`]: served(fallback) }));

  it.each<readonly [string, Reply]>([
    ['404', { status: 404, body: '404 page not found' }],
    ['404 with a code', code(404, 'MANIFEST_UNKNOWN')],
    ['400', code(400, 'UNSUPPORTED')],
    ['405', { status: 405 }],
    ['406', { status: 406 }],
    ['501', { status: 501 }],
    ['200 and a web page', { headers: { 'content-type': 'text/html' }, body: '<html></html>' }],
    ['200 and nothing', { headers: { 'content-type': 'application/json' } }],
    ['200 and other JSON', json({ status: 'ok' })],
    ['200 and an image manifest', served(image)],
    ['200 and a Docker list', json({ manifests: [] }, { 'content-type': MEDIA_TYPE.dockerList })],
  ])('is used after %s', async (_name, answer) => {
    await using registry = await withTag(answer);
    await using engine = startEngine(registry.host);
    const page = await list(engine);
    expect(page).toMatchObject({ source: 'tag', droppedCount: 0, warnings: [] });
    expect(digests(page)).toEqual([first.descriptor.digest, second.descriptor.digest]);
    expect(registry.lines).toEqual([`GET ${API}`, `GET ${MANIFESTS}/${TAG}`]);
  });

  it('is filtered by artifact type here', async () => {
    await using registry = await withTag({ status: 404 });
    await using engine = startEngine(registry.host);
    expect(digests(await list(engine, { artifactType: SBOM }))).toEqual([second.descriptor.digest]);
  });

  it('is not tried when the repository is unknown', async () => {
    await using registry = await startFakeRegistry(() => code(404, 'NAME_UNKNOWN'));
    await using engine = startEngine(registry.host);
    const error = await registryErrorOf(list(engine));
    expect(error.failure).toMatchObject({ kind: 'not-found', what: 'repository' });
    expect(registry.requests).toHaveLength(1);
  });

  it('that is missing means no referrers', async () => {
    await using registry = await startFakeRegistry(() => code(404, 'MANIFEST_UNKNOWN'));
    await using engine = startEngine(registry.host);
    expect(await list(engine)).toEqual({ referrers: [], source: 'none', droppedCount: 0, warnings: [] });
  });

  it('that is resolved to the digest itself does not give the children of the image (oras-go#1396)', async () => {
    const multi = buildIndex([buildImage({ descriptor: { platform: { os: 'linux', architecture: 'amd64' } } })]);
    const digest = multi.descriptor.digest as Digest;
    await using registry = await startFakeRegistry(({ path }) =>
      path.endsWith(`/manifests/${digest.replace(':', '-')}`) ? served(multi) : undefined,
    );
    await using engine = startEngine(registry.host);
    const page = await engine.client.listReferrers({ repository: REPOSITORY, digest });
    expect(page).toMatchObject({ referrers: [], source: 'none' });
  });

  it('that is no OCI index is dropped with a warning (F02)', async () => {
    await using registry = await startFakeRegistry(routes({ [`${MANIFESTS}/${TAG}`]: served(referrer('else')) }));
    await using engine = startEngine(registry.host);
    const page = await list(engine);
    expect(page).toMatchObject({ referrers: [], source: 'none' });
    expect(page.warnings).toEqual([{ source: 'gantry', text: expect.stringContaining('is no OCI index') }]);
  });

  it('that names the subject itself leads nowhere (F01)', async () => {
    const cycle = buildIndex([image, first]);
    await using registry = await startFakeRegistry(routes({ [`${MANIFESTS}/${TAG}`]: served(cycle) }));
    await using engine = startEngine(registry.host);
    expect(digests(await list(engine))).toEqual([first.descriptor.digest]);
  });
});

describe('what is remembered of the referrers API', () => {
  const withoutApi = () =>
    startFakeRegistry(({ path }) =>
      path.includes('/has-api/') && path.includes('/referrers/') ? index([]) : undefined,
    );
  const apiCalls = (registry: FakeRegistry) => registry.lines.filter((line) => line.includes('/referrers/')).length;

  it('is not asked for again in a repository without it', async () => {
    await using registry = await withoutApi();
    await using engine = startEngine(registry.host);
    await list(engine);
    await list(engine);
    expect(apiCalls(registry)).toBe(1);
  });

  it('is not asked for in a third repository once two are without', async () => {
    await using registry = await withoutApi();
    await using engine = startEngine(registry.host);
    for (const repository of ['one', 'two', 'three', 'four']) await list(engine, { repository });
    expect(apiCalls(registry)).toBe(2);
  });

  it('is asked for in every new repository while one of them has it', async () => {
    await using registry = await withoutApi();
    await using engine = startEngine(registry.host);
    for (const repository of ['a/has-api/b', 'one', 'two', 'three']) await list(engine, { repository });
    expect(apiCalls(registry)).toBe(4);
  });

  it('is asked for again after five minutes', async () => {
    let now = 0;
    await using registry = await withoutApi();
    await using engine = startEngine(registry.host, { clock: { ...systemClock, now: () => now } });
    await list(engine);
    now = 5 * 60 * 1000;
    await list(engine);
    expect(apiCalls(registry)).toBe(2);
  });
});
