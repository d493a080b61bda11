import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildBlob } from '#main/core/local-registry/image-builder/content.ts';
import { buildArtifact, buildImage, buildIndex } from '#main/core/local-registry/image-builder/image.ts';
import { buildLayer } from '#main/core/local-registry/image-builder/layer.ts';
import { startTestRegistry, type TestRegistry } from '#test/support/local-registry.ts';
import { pushContent } from '#test/support/push-content.ts';
import { errorCode, type RawRequest, sendRaw } from '#test/support/raw-http.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.stop());
const send = (one: RawRequest) => sendRaw(registry.address, one);
const json = async (path: string) => JSON.parse((await send({ path })).body.toString()) as unknown;

const image = (text: string) =>
  buildImage({
    platform: { os: 'linux', architecture: 'amd64' },
    created: '2026-01-01T00:00:00Z',
    steps: [{ createdBy: `COPY ${text}`, layer: buildLayer([{ path: 'file', type: 'file', content: text }]) }],
  });

describe('blobs', () => {
  const { digest, bytes } = buildBlob('0123456789');
  const path = `/v2/blobs/test/blobs/${digest}`;
  beforeAll(() => registry.store.putBlob('blobs/test', bytes));

  test.each([
    ['bytes=0-0', 206, 'bytes 0-0/10', '0'],
    ['bytes=4-', 206, 'bytes 4-9/10', '456789'],
    ['bytes=-3', 206, 'bytes 7-9/10', '789'],
    ['bytes=-99', 206, 'bytes 0-9/10', '0123456789'],
    ['bytes=8-99', 206, 'bytes 8-9/10', '89'],
    ['bytes=5-2', 200, undefined, '0123456789'],
    ['bytes=0-1,4-5', 200, undefined, '0123456789'],
    ['items=0-1', 200, undefined, '0123456789'],
  ])('Range %s is answered with %i', async (range, status, contentRange, body) => {
    const answer = await send({ path, headers: { Range: range } });
    expect([answer.status, answer.headers['content-range'], answer.body.toString()]).toEqual([
      status,
      contentRange,
      body,
    ]);
    expect(answer.headers['docker-content-digest']).toBe(digest);
  });

  test.each(['bytes=10-', 'bytes=10-20', 'bytes=-0'])('Range %s is not satisfiable', async (range) => {
    const answer = await send({ path, headers: { Range: range } });
    expect([answer.status, answer.headers['content-range']]).toEqual([416, 'bytes */10']);
  });

  test('HEAD has the headers of GET and no body', async () => {
    const { status, headers, body } = await send({ method: 'HEAD', path });
    expect([status, headers['content-length'], headers['docker-content-digest'], body.length]).toEqual([
      200,
      '10',
      digest,
      0,
    ]);
  });

  test('an empty blob is pushed and read', async () => {
    const empty = buildBlob('');
    const pushed = await send({
      method: 'POST',
      path: `/v2/blobs/test/blobs/uploads/?digest=${empty.digest}`,
      body: '',
    });
    expect(pushed.status).toBe(201);
    const read = await send({ path: `/v2/blobs/test/blobs/${empty.digest}` });
    expect([read.status, read.headers['content-length']]).toEqual([200, '0']);
  });

  test('a mount makes the blob visible; one that cannot be made opens an upload', async () => {
    const mount = (query: string) => send({ method: 'POST', path: `/v2/blobs/other/blobs/uploads/?${query}` });
    const refused = await mount(`mount=${digest}&from=no/such`);
    expect([refused.status, typeof refused.headers['docker-upload-uuid']]).toEqual([202, 'string']);
    const mounted = await mount(`mount=${digest}&from=blobs/test`);
    expect([mounted.status, mounted.headers.location]).toEqual([201, `/v2/blobs/other/blobs/${digest}`]);
    expect((await send({ path: `/v2/blobs/other/blobs/${digest}` })).status).toBe(200);
    expect((await mount(`mount=../../x&from=blobs/test`)).status).toBe(202);
  });

  test('a session tells how far it is, and is gone once given up', async () => {
    const { headers } = await send({ method: 'POST', path: '/v2/blobs/test/blobs/uploads/' });
    const session = headers.location ?? '';
    await send({ method: 'PATCH', path: session, body: '01234', headers: { 'Content-Range': '0-4' } });
    const status = await send({ path: session });
    expect([status.status, status.headers.range]).toEqual([204, '0-4']);
    const wrong = await send({ method: 'PATCH', path: session, body: '7', headers: { 'Content-Range': '7-7' } });
    expect([wrong.status, wrong.headers.range, wrong.headers.location]).toEqual([416, '0-4', session]);
    expect((await send({ method: 'DELETE', path: session })).status).toBe(204);
    expect((await send({ path: session })).status).toBe(404);
  });
});

describe('manifests', () => {
  test('what is pushed is read back byte for byte, by tag and digest, GET and HEAD', async () => {
    const content = buildIndex([{ content: image('a'), platform: { os: 'linux', architecture: 'amd64' } }]);
    await pushContent(registry.address, 'app', content, ['v1']);
    const bytes = content.manifests.at(-1)?.bytes ?? Buffer.alloc(0);
    for (const reference of ['v1', content.descriptor.digest]) {
      const got = await send({ path: `/v2/app/manifests/${reference}` });
      expect(got.body.equals(bytes)).toBe(true);
      expect(got.headers['content-type']).toBe(content.descriptor.mediaType);
      const head = await send({ method: 'HEAD', path: `/v2/app/manifests/${reference}` });
      expect([head.headers['content-length'], head.headers['docker-content-digest'], head.body.length]).toEqual([
        String(bytes.length),
        content.descriptor.digest,
        0,
      ]);
    }
  });

  test('a digest is pushed with several tags at once', async () => {
    const content = image('tagged');
    await pushContent(registry.address, 'tagged', content);
    const { digest, bytes, mediaType } = content.manifests.at(-1) ?? { digest: '', bytes: '', mediaType: '' };
    const put = (query: string) =>
      send({
        method: 'PUT',
        path: `/v2/tagged/manifests/${digest}?${query}`,
        headers: { 'Content-Type': mediaType },
        body: bytes,
      });
    expect((await put('tag=1&tag=1.2')).headers['oci-tag']).toBe('1, 1.2');
    expect(await json('/v2/tagged/tags/list')).toEqual({ name: 'tagged', tags: ['1', '1.2'] });
    expect((await put('tag=../x')).status).toBe(400);
    expect((await put('tag=a&'.repeat(51))).status).toBe(414);
  });

  test.each(['.INVALID_MANIFEST_NAME', '-dash', 'x'.repeat(129)])(
    'the reference "%s", which nothing can have, is absent for GET, HEAD and DELETE and a bad name for PUT',
    async (reference) => {
      await pushContent(registry.address, 'absent', image('absent'), ['v1']);
      const path = `/v2/absent/manifests/${reference}`;
      const answers = await Promise.all(['GET', 'HEAD', 'DELETE', 'PUT'].map((method) => send({ method, path })));
      expect(answers.map((answer) => answer.status)).toEqual([404, 404, 404, 400]);
      const told = answers.filter(({ body }) => body.length > 0).map(errorCode);
      expect(told).toEqual(['MANIFEST_UNKNOWN', 'MANIFEST_UNKNOWN', 'NAME_INVALID']);
    },
  );

  test('an unsupported method names those that are', async () => {
    const answer = await send({ method: 'POST', path: '/v2/app/manifests/v1' });
    expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, HEAD, PUT, DELETE']);
  });

  test('changes are told, once for a push', async () => {
    await pushContent(registry.address, 'told', image('told'), ['v1', 'v2']);
    await expect.poll(() => registry.changes.filter((name) => name === 'told').length).toBeGreaterThan(0);
    expect(registry.changes.filter((name) => name === 'told').length).toBeLessThanOrEqual(3);
  });
});

describe('lists', () => {
  test('pages follow each other by Link until all names were told once', async () => {
    for (const name of ['page/a', 'page/b', 'page/c'])
      await pushContent(registry.address, name, image('p'), ['x', 'y', 'z']);
    expect(await walk('/v2/page/a/tags/list?n=2', 'tags')).toEqual([['x', 'y'], ['z']]);
    const repositories = (await walk('/v2/_catalog?n=1', 'repositories')).flat().map(String);
    expect(repositories).toEqual(repositories.toSorted());
    expect(repositories).toEqual(expect.arrayContaining(['page/a', 'page/b', 'page/c']));
    expect(new Set(repositories).size).toBe(repositories.length);
    expect(await json('/v2/page/a/tags/list?last=y')).toEqual({ name: 'page/a', tags: ['z'] });
    expect(await json('/v2/page/a/tags/list?last=zzz')).toEqual({ name: 'page/a', tags: [] });
  });

  test('referrers are filtered and paged', async () => {
    const subject = image('subject');
    await pushContent(registry.address, 'ref', subject, ['v1']);
    const padding = 'x'.repeat(900_000);
    for (const name of ['one', 'two', 'three', 'four']) {
      const artifactType = name === 'four' ? 'application/vnd.other' : 'application/vnd.test';
      const artifact = buildArtifact({
        artifactType,
        files: [],
        subject: subject.descriptor,
        annotations: { name, padding },
      });
      await pushContent(registry.address, 'ref', artifact);
    }
    const path = `/v2/ref/referrers/${subject.descriptor.digest}`;
    const all = await walk(path, 'manifests');
    expect(all.map((page) => page.length)).toEqual([2, 2]);
    const filtered = await send({ path: `${path}?artifactType=application/vnd.other` });
    expect(filtered.headers['oci-filters-applied']).toBe('artifactType');
    const { manifests } = JSON.parse(filtered.body.toString()) as { manifests: { annotations: { name: string } }[] };
    expect(manifests.map((one) => one.annotations.name)).toEqual(['four']);
    const three = await walk(`${path}?artifactType=application/vnd.test`, 'manifests');
    expect(three.flat()).toHaveLength(3);
  });

  test.each([
    ['missing', {}, 'a/config'],
    ['empty', { artifactType: '' }, 'a/config'],
    ['a/given', { artifactType: 'a/given' }, 'a/given'],
  ])('an image whose artifactType is %s is listed with the type the specification says', async (name, type, listed) => {
    const config = buildBlob(`{"name":"${name}"}`);
    await registry.store.putBlob('typed', config.bytes);
    const descriptor = { mediaType: 'a/config', digest: config.digest, size: config.bytes.length };
    const body = {
      schemaVersion: 2,
      ...type,
      config: descriptor,
      layers: [],
      subject: { ...descriptor, mediaType: 'a/b' },
    };
    const headers = { 'Content-Type': 'application/vnd.oci.image.manifest.v1+json' };
    const pushed = await send({ method: 'PUT', path: '/v2/typed/manifests/x', headers, body: JSON.stringify(body) });
    expect([pushed.status, pushed.headers['oci-subject']]).toEqual([201, config.digest]);
    const path = `/v2/typed/referrers/${config.digest}`;
    expect(await json(path)).toMatchObject({ manifests: [{ artifactType: listed }] });
    expect(await json(`${path}?artifactType=${listed}`)).toMatchObject({ manifests: [{ artifactType: listed }] });
    const none = await send({ path: `${path}?artifactType=other/type` });
    expect([none.status, none.headers['oci-filters-applied']]).toEqual([200, 'artifactType']);
    expect(JSON.parse(none.body.toString())).toMatchObject({ manifests: [] });
  });

  test('an index without an artifactType is listed without one, and filtered out', async () => {
    const subject = image('subject of an index');
    const headers = { 'Content-Type': 'application/vnd.oci.image.index.v1+json' };
    const body = JSON.stringify({ schemaVersion: 2, manifests: [], artifactType: '', subject: subject.descriptor });
    expect((await send({ method: 'PUT', path: '/v2/typed/manifests/index', headers, body })).status).toBe(201);
    const { manifests } = (await json(`/v2/typed/referrers/${subject.descriptor.digest}`)) as { manifests: object[] };
    expect(manifests.map((one) => Object.keys(one))).toEqual([['mediaType', 'digest', 'size']]);
  });

  test('a push that names a subject is told so', async () => {
    const { descriptor } = image('subject');
    const artifact = buildArtifact({ artifactType: 'a/b', files: [], subject: descriptor });
    await pushContent(registry.address, 'ref', artifact);
    const root = artifact.manifests.at(-1);
    const answer = await send({
      method: 'PUT',
      path: `/v2/ref/manifests/${root?.digest}`,
      headers: { 'Content-Type': root?.mediaType ?? '' },
      body: root?.bytes ?? '',
    });
    expect(answer.headers['oci-subject']).toBe(descriptor.digest);
  });
});

/** The named list of each page, following Link. */
async function walk(first: string, member: string): Promise<readonly (readonly unknown[])[]> {
  const pages: (readonly unknown[])[] = [];
  for (let path: string | undefined = first; path !== undefined;) {
    const answer = await send({ path });
    pages.push((JSON.parse(answer.body.toString()) as Record<string, readonly unknown[]>)[member] ?? []);
    path = /^<([^>]+)>; rel="next"$/.exec(String(answer.headers['link'] ?? ''))?.[1];
  }
  return pages;
}
