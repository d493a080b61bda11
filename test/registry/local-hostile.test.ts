import { request } from 'node:http';
import { mkdir, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildBlob, digestOfBytes } from '#main/core/local-registry/image-builder/content.ts';
import { startTestRegistry, type TestRegistry } from '#test/support/local-registry.ts';
import { errorCode, type RawRequest, sendRaw } from '#test/support/raw-http.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startTestRegistry();
});
afterEach(() => registry.stop());

const send = (one: RawRequest) => sendRaw(registry.address, one);
const manifestType = { 'Content-Type': 'application/vnd.oci.image.manifest.v1+json' };
const putManifest = (body: string | Uint8Array, headers: Record<string, string> = manifestType) =>
  send({ method: 'PUT', path: '/v2/foo/manifests/latest', headers, body });

describe('web pages', () => {
  test.each([
    'evil.example',
    'evil.example:PORT',
    '127.0.0.1',
    '127.0.0.1:1',
    'localhost.evil.example:PORT',
    '0.0.0.0:PORT',
  ])('W01 a request for host %s is refused before routing', async (host) => {
    const Host = host.replace('PORT', registry.address.split(':')[1] ?? '');
    const answer = await send({ path: '/v2/', headers: { Host } });
    expect([answer.status, errorCode(answer)]).toEqual([421, 'DENIED']);
  });

  test.each(['localhost:PORT', 'LOCALHOST:PORT', '[::1]:PORT'])('a request for host %s is answered', async (host) => {
    const Host = host.replace('PORT', registry.address.split(':')[1] ?? '');
    expect((await send({ path: '/v2/', headers: { Host } })).status).toBe(200);
  });

  test.each(['http://evil.example', 'null', 'http://127.0.0.1:PORT', ''])(
    'W04 Origin "%s" is refused',
    async (origin) => {
      const Origin = origin.replace('PORT', registry.address.split(':')[1] ?? '');
      const answer = await send({ method: 'POST', path: '/v2/foo/blobs/uploads/', headers: { Origin } });
      expect(answer.status).toBe(403);
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    },
  );

  test('a preflight gets no permission', async () => {
    const headers = { Origin: 'http://evil.example', 'Access-Control-Request-Method': 'PUT' };
    const answer = await send({ method: 'OPTIONS', path: '/v2/foo/manifests/latest', headers });
    expect(answer.status).toBe(403);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  test.each(['cross-site', 'same-site', 'same-origin'])('a page that embeds us (%s) is refused', async (site) => {
    expect((await send({ path: '/v2/_catalog', headers: { 'Sec-Fetch-Site': site } })).status).toBe(403);
  });

  test('W09 every answer forbids scripts, sniffing and embedding', async () => {
    for (const path of ['/v2/', '/v2/foo/tags/list', '/nowhere']) {
      const { headers } = await send({ path });
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    }
  });
});

describe('names', () => {
  test.each([
    '../etc',
    'a/../../b',
    '%2e%2e/%2e%2e/etc',
    'a%2f..%2f..%2fb',
    'UPPER',
    'a//b',
    'a\\..\\b',
    '_uploads',
    'a/_tags',
    'a%00b',
    'x'.repeat(256),
  ])('repository "%s" is refused', async (name) => {
    const answer = await send({ method: 'POST', path: `/v2/${name}/blobs/uploads/` });
    expect([400, 404]).toContain(answer.status);
    expect(answer.headers.location).toBeUndefined();
  });

  test.each(['..', '../../x', '%2e%2e%2fx', 'a%2fb', `x${'y'.repeat(128)}`, '.hidden', '-dash'])(
    'tag "%s" is refused',
    async (tag) => {
      const answer = await send({ method: 'PUT', path: `/v2/foo/manifests/${tag}`, body: '{}', headers: manifestType });
      expect([400, 404]).toContain(answer.status);
    },
  );

  test.each([
    'sha256:..',
    `sha256:${'a'.repeat(63)}`,
    `sha256:${'A'.repeat(64)}`,
    'md5:d41d8cd98f00b204e9800998ecf8427e',
    'sha256:',
  ])('M09 digest "%s" is refused', async (digest) => {
    for (const kind of ['blobs', 'manifests', 'referrers']) {
      const answer = await send({ path: `/v2/foo/${kind}/${digest}` });
      expect([answer.status, errorCode(answer)]).toEqual([400, 'DIGEST_INVALID']);
    }
  });

  test('M09 a digest that climbs out of its folder names no endpoint', async () => {
    for (const path of ['/v2/foo/blobs/sha256:../../x', '/v2/foo/blobs/sha256:..%2f..%2fport']) {
      expect((await send({ path })).status).toBe(404);
    }
  });

  test.each(['..%2f..%2fport', '00000000-0000-0000-0000-000000000000', 'x'])(
    'upload session "%s" is unknown',
    async (id) => {
      const answer = await send({ method: 'PATCH', path: `/v2/foo/blobs/uploads/${id}`, body: 'x' });
      expect(answer.status).toBe(404);
    },
  );
});

describe('content', () => {
  test('M06 a manifest above 4 MiB is refused, announced or not', async () => {
    const body = `{"schemaVersion":2,"x":"${'x'.repeat(4 * 1024 * 1024)}"}`;
    expect((await putManifest(body)).status).toBe(413);
    const chunked = await putManifest(body, {
      ...manifestType,
      'Transfer-Encoding': 'chunked',
      'Content-Length': '',
    }).catch(() => undefined);
    expect(chunked?.status ?? 413).toBe(413);
    expect(await registry.store.listRepositories()).toEqual([]);
  });

  test.each([
    [
      'M07 a manifest nested two million deep',
      `{"schemaVersion":2,"x":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`,
    ],
    ['M04 a manifest that is both index and image', JSON.stringify({ manifests: [ref()], layers: [ref()] })],
    ['M05 a manifest with "Layers" beside "layers"', '{"layers":[],"Layers":[],"config":null}'],
    ['a manifest whose mediaType is not its Content-Type', '{"mediaType":"application/vnd.oci.image.index.v1+json"}'],
    ['a list as manifest', '[]'],
    ['text as manifest', 'not json'],
    ['no manifest at all', ''],
    ['M17 a manifest that begins with a byte order mark', '\uFEFF{"schemaVersion":2}'],
  ])('%s is refused', async (_name, body) => {
    const answer = await putManifest(body);
    expect([answer.status, errorCode(answer)]).toEqual([400, 'MANIFEST_INVALID']);
  });

  test.each([
    ['a header break', 'a/b\r\nX-Evil: 1'],
    ['letters that no header carries', 'application/☃'],
    ['more than a header holds', `a/${'x'.repeat(20_000)}`],
    ['no slash', 'manifest'],
  ])('M04 a manifest whose media type is %s is refused, not stored unreadable', async (_name, mediaType) => {
    const answer = await putManifest(JSON.stringify({ schemaVersion: 2, mediaType, manifests: [] }), {});
    expect([answer.status, errorCode(answer)]).toEqual([400, 'MANIFEST_INVALID']);
    expect(await registry.store.listRepositories()).toEqual([]);
  });

  test('M08 annotations named __proto__ and constructor change no object', async () => {
    const subject = digestOfBytes(Buffer.from('subject'));
    const body = `{"schemaVersion":2,"manifests":[],"subject":{"mediaType":"a/b","digest":"${subject}","size":7},"annotations":{"__proto__":"x","constructor":"y"}}`;
    expect((await putManifest(body, { 'Content-Type': 'application/vnd.oci.image.index.v1+json' })).status).toBe(201);
    const listed = await send({ path: `/v2/foo/referrers/${subject}` });
    expect(listed.body.toString()).toContain('"constructor":"y"');
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
  });

  test('a manifest with an absent layer or an index with an absent child is refused', async () => {
    const image = await putManifest(JSON.stringify({ schemaVersion: 2, config: ref(), layers: [] }));
    expect([image.status, errorCode(image)]).toEqual([404, 'MANIFEST_BLOB_UNKNOWN']);
    const type = 'application/vnd.oci.image.index.v1+json';
    const child = { ...ref(), mediaType: 'application/vnd.oci.image.manifest.v1+json' };
    const index = await putManifest(JSON.stringify({ schemaVersion: 2, manifests: [child] }), { 'Content-Type': type });
    expect([index.status, errorCode(index)]).toEqual([404, 'MANIFEST_UNKNOWN']);
  });

  test('M15 a foreign layer need not be there', async () => {
    const config = await registry.store.putBlob('foo', Buffer.from('{}'));
    const foreign = {
      ...ref(),
      mediaType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
      urls: ['https://x/'],
    };
    const body = { schemaVersion: 2, config: { ...ref(), digest: config }, layers: [foreign] };
    expect((await putManifest(JSON.stringify(body))).status).toBe(201);
  });

  test('M01 a manifest put under another digest is refused and not stored', async () => {
    const wrong = digestOfBytes(Buffer.from('other'));
    const answer = await send({
      method: 'PUT',
      path: `/v2/foo/manifests/${wrong}`,
      headers: { 'Content-Type': 'application/vnd.oci.image.index.v1+json' },
      body: '{"schemaVersion":2,"manifests":[]}',
    });
    expect([answer.status, errorCode(answer)]).toEqual([400, 'DIGEST_INVALID']);
    expect((await send({ path: `/v2/foo/manifests/${wrong}` })).status).toBe(404);
  });

  test('M01 a blob put under another digest is refused, and its session is gone', async () => {
    const opened = await send({ method: 'POST', path: '/v2/foo/blobs/uploads/' });
    const location = opened.headers.location ?? '';
    const { digest } = buildBlob('wanted');
    const answer = await send({ method: 'PUT', path: `${location}?digest=${digest}`, body: 'other' });
    expect([answer.status, errorCode(answer)]).toEqual([400, 'DIGEST_INVALID']);
    expect((await send({ path: `/v2/foo/blobs/${digest}` })).status).toBe(404);
    expect((await send({ path: location })).status).toBe(404);
  });

  test('a session of one repository is unknown in another', async () => {
    const opened = await send({ method: 'POST', path: '/v2/foo/blobs/uploads/' });
    const stolen = (opened.headers.location ?? '').replace('/foo/', '/bar/');
    expect((await send({ method: 'PATCH', path: stolen, body: 'x' })).status).toBe(404);
  });

  test('an upload goes on after the connection broke', async () => {
    const whole = Buffer.from('0123456789'.repeat(20_000));
    const { digest } = buildBlob(whole);
    const opened = await send({ method: 'POST', path: '/v2/foo/blobs/uploads/' });
    const location = opened.headers.location ?? '';
    await breakOff(location, whole);
    const status = await send({ path: location });
    const received = Number(status.headers.range?.split('-')[1]) + 1;
    expect(received).toBeGreaterThan(1);
    expect(received).toBeLessThan(whole.length);
    const rest = whole.subarray(received);
    const headers = { 'Content-Range': `${received}-${whole.length - 1}` };
    expect((await send({ method: 'PATCH', path: location, headers, body: rest })).status).toBe(202);
    expect((await send({ method: 'PUT', path: `${location}?digest=${digest}` })).status).toBe(201);
    expect((await send({ path: `/v2/foo/blobs/${digest}` })).body.equals(whole)).toBe(true);
  });
});

describe('bounds', () => {
  test('headers above 16 KiB are refused', async () => {
    expect((await send({ path: '/v2/', headers: { 'X-Long': 'x'.repeat(17 * 1024) } })).status).toBe(431);
  });

  test('a page of more names than asked for is never sent, and n must be a number', async () => {
    await registry.store.putManifest(
      'foo',
      { bytes: Buffer.from('{}'), digest: digestOfBytes(Buffer.from('{}')), mediaType: 'a/b' },
      ['a'],
    );
    for (const n of ['-1', 'x', '1e3', '99999999999999999999']) {
      expect((await send({ path: `/v2/foo/tags/list?n=${n}` })).status).toBe(400);
    }
    expect(JSON.parse((await send({ path: '/v2/foo/tags/list?n=0' })).body.toString())).toEqual({
      name: 'foo',
      tags: [],
    });
  });
});

test.skipIf(process.platform === 'win32')('a link in the place of a blob or tag is not followed', async () => {
  const { digest, bytes } = buildBlob('outside');
  const outside = join(registry.dir, 'outside');
  await writeFile(outside, bytes);
  await registry.store.putBlob('foo', Buffer.from('inside'));
  await writeFile(registry.store.layout.blobLink('foo', digest), '');
  await symlink(outside, registry.store.layout.blob(digest));
  expect((await send({ path: `/v2/foo/blobs/${digest}` })).status).toBe(404);
  await writeFile(outside, JSON.stringify({ tag: 'latest', digest }));
  await mkdir(dirname(registry.store.layout.tag('foo', 'latest')), { recursive: true });
  await symlink(outside, registry.store.layout.tag('foo', 'latest'));
  expect(await registry.store.resolveTag('foo', 'latest')).toBeUndefined();
});

function ref() {
  return { mediaType: 'application/octet-stream', digest: digestOfBytes(Buffer.from('absent')), size: 6 };
}

/** Announces the whole, sends half, and cuts the connection once the registry has taken some of it. */
async function breakOff(path: string, whole: Buffer): Promise<void> {
  const [host, port] = registry.address.split(':');
  const headers = { 'Content-Length': whole.length, 'Content-Range': `0-${whole.length - 1}` };
  const outgoing = request({ host, port, method: 'PATCH', path, headers, agent: false });
  outgoing.on('error', () => undefined);
  outgoing.write(whole.subarray(0, whole.length / 2));
  const id = path.split('/').at(-1) ?? '';
  const dataPath = join(registry.store.layout.uploadsDir, `${id}.data`);
  while ((await stat(dataPath)).size < 2) await wait(5);
  outgoing.destroy();
}
