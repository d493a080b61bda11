import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '#main/core/gantry-error.ts';
import { parseDigest } from '#shared/oci/digest.ts';
import { registryErrorOf, startEngine } from '#test/support/engine.ts';
import { type Reply, startFakeRegistry } from '#test/support/fake-registry.ts';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const sha256 = (bytes: Buffer | string) => parseDigest(`sha256:${createHash('sha256').update(bytes).digest('hex')}`);
const CONTENT = Buffer.from('{"schemaVersion":2}');
const OTHER = sha256('something else');
const at = (reference: string) => ({ repository: 'acme/web', reference });
const blobOf = (bytes: Buffer, sizeBytes = bytes.length) => ({
  repository: 'acme/web',
  descriptor: {
    mediaType: 'a/b',
    digest: sha256(bytes),
    sizeBytes,
    annotations: [],
    urls: ['http://127.0.0.1:1/never'],
  },
});
const manifest = (
  body: Buffer | string,
  headers: Readonly<Record<string, string | readonly string[]>> = {},
): Reply => ({
  headers: { 'content-type': MANIFEST, ...headers },
  body,
});
/** Writes raw HTTP and closes. */
const raw = (...parts: readonly (string | Buffer)[]): Reply => ({
  raw: (socket) => {
    for (const part of parts) socket.write(part);
    socket.end();
  },
});

async function withReply<T>(reply: Reply, use: (engine: ReturnType<typeof startEngine>) => Promise<T>): Promise<T> {
  await using registry = await startFakeRegistry(() => reply);
  await using engine = startEngine(registry.host, {
    transport: { timeouts: { connectMs: 20_000, headersMs: 20_000, idleBodyMs: 20_000, slowBodyMs: 20_000 } },
  });
  return await use(engine);
}
const manifestError = (reply: Reply, reference = 'v1') =>
  withReply(reply, (engine) => registryErrorOf(engine.client.getManifest(at(reference))));

describe('manifests', () => {
  it('by digest are refused when their bytes hash to another (M01)', async () => {
    const error = await manifestError(manifest(CONTENT, { 'docker-content-digest': OTHER }), OTHER);
    expect(error.failure).toEqual({ kind: 'digest-mismatch', expected: OTHER, actual: sha256(CONTENT) });
  });

  it('by tag go by their bytes, and a header that differs is a warning (M02)', async () => {
    const got = await withReply(manifest(CONTENT, { 'docker-content-digest': OTHER }), (engine) =>
      engine.client.getManifest(at('v1')),
    );
    expect(got.digest).toBe(sha256(CONTENT));
    expect(got.warnings).toEqual([{ source: 'gantry', text: expect.stringContaining(OTHER) }]);
  });

  it('keep every byte, in whatever order and with whatever white space', async () => {
    const bytes = Buffer.from('\n{ "schemaVersion" : 2,\t"z":1, "a":2 }\r\n');
    const got = await withReply(manifest(bytes), (engine) => engine.client.getManifest(at(sha256(bytes))));
    expect(Buffer.from(got.bytes)).toEqual(bytes);
  });

  it('of 4 MiB and one byte are refused at their claim (M06)', async () => {
    const body = Buffer.alloc(4 * 1024 * 1024 + 1, ' ');
    expect((await manifestError(manifest(body))).failure).toEqual({
      kind: 'too-large',
      limitBytes: 4 * 1024 * 1024,
      what: 'manifest',
    });
  });

  it('without end and without a claim are refused at 4 MiB (M06)', async () => {
    const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(0x1_0000, ' '), Buffer.from('\r\n')]);
    let sent = 0;
    const error = await manifestError({
      raw: (socket) => {
        socket.write(`HTTP/1.1 200 OK\r\ncontent-type: ${MANIFEST}\r\ntransfer-encoding: chunked\r\n\r\n`);
        const pour = () => {
          while (!socket.destroyed && sent < 1 << 30) {
            sent += chunk.length;
            if (!socket.write(chunk)) return;
          }
        };
        socket.on('drain', pour);
        pour();
      },
    });
    expect(error.failure).toMatchObject({ kind: 'too-large', limitBytes: 4 * 1024 * 1024 });
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });

  it('that claim 10 bytes and send more are cut there (M06)', async () => {
    const error = await manifestError(
      raw(
        `HTTP/1.1 200 OK\r\ncontent-type: ${MANIFEST}\r\ncontent-length: 10\r\n\r\n`,
        Buffer.from('{"schemaVersion":2}'),
      ),
    );
    expect(error.kind).toBe('protocol');
  });

  it.each([
    [
      'a login page',
      { headers: { 'content-type': 'text/html' }, body: '<!doctype html><title>Sign in</title>' },
      'html',
    ],
    ['a login page called a manifest', manifest('  <html></html>'), 'html'],
    ['an empty body', manifest(''), 'empty'],
    ['white space', manifest(' \n'), 'empty'],
    ['plain words', manifest('hello'), 'not-json'],
    ['a list', manifest('[]'), 'not-json'],
    ['half an object', manifest('{"schemaVersion":2,'), 'not-json'],
  ] as const)('that are %s are refused (M18)', async (_name, reply, reason) => {
    expect((await manifestError(reply)).failure).toMatchObject({ kind: 'protocol', reason });
  });

  it('answered with 204 are an error of the registry (M18)', async () => {
    expect((await manifestError({ status: 204 })).failure).toEqual({ kind: 'registry', status: 204, codes: [] });
  });

  it('that nest 100,000 deep are refused before they are parsed (M07)', async () => {
    const body = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
    const error = await manifestError({ headers: { 'content-type': 'application/json' }, body });
    expect(error.failure).toMatchObject({ kind: 'protocol', reason: 'too-deep' });
  });

  it.each([
    'sha256:../../x',
    `sha256:${'a'.repeat(63)}`,
    `sha256:${'A'.repeat(64)}`,
    'md5:abc',
    '',
    '..',
    'a/b',
    'v1?x',
  ])('at the reference %j are refused without a request (M09)', async (reference) => {
    await using registry = await startFakeRegistry(() => manifest(CONTENT));
    await using engine = startEngine(registry.host);
    await expect(engine.client.getManifest(at(reference))).rejects.toBeInstanceOf(InvalidInputError);
    expect(registry.requests).toEqual([]);
  });

  it.each([
    ['nothing', {}, '{"schemaVersion":2,"manifests":[]}', 'application/vnd.oci.image.index.v1+json'],
    ['text/plain', { 'content-type': 'text/plain' }, '{"schemaVersion":2,"mediaType":"A/b+json"}', 'a/b+json'],
    [
      'application/json',
      { 'content-type': 'application/json' },
      '{"schemaVersion":1,"signatures":[]}',
      'application/vnd.docker.distribution.manifest.v1+prettyjws',
    ],
    [
      'octets',
      { 'content-type': 'binary/octet-stream' },
      '{"config":{"mediaType":"application/vnd.docker.container.image.v1+json"}}',
      'application/vnd.docker.distribution.manifest.v2+json',
    ],
    ['parameters', { 'content-type': 'Application/VND.x+json; charset=utf-8' }, '{}', 'application/vnd.x+json'],
  ] as const)('with %s for a Content-Type are named by their body', async (_name, headers, body, mediaType) => {
    const got = await withReply({ headers, body }, (engine) => engine.client.getManifest(at('v1')));
    expect(got.mediaType).toBe(mediaType);
  });

  it('of schema 1 are hashed without their signature (M13)', async () => {
    const payload = '{\n   "schemaVersion": 1,\n   "name": "acme/web"\n}';
    const head = payload.slice(0, -2);
    const tail = Buffer.from('\n}').toString('base64url');
    const header = Buffer.from(JSON.stringify({ formatLength: head.length, formatTail: tail })).toString('base64url');
    const signed = `${head},\n   "signatures": [{"protected": "${header}"}]\n}`;
    const type = { 'content-type': 'application/vnd.docker.distribution.manifest.v1+prettyjws' };
    const got = await withReply(manifest(signed, type), (engine) => engine.client.getManifest(at(sha256(payload))));
    expect(got.digest).toBe(sha256(payload));
    const wrong = await manifestError(manifest(signed.replace('acme/web', 'acme/xyz'), type), sha256(payload));
    expect(wrong.kind).toBe('digest-mismatch');
  });

  it.each([
    [
      'the bytes asked for stand in the signature header alone',
      (real: string) => ['', real, '{"name":"evil",'] as const,
    ],
    [
      'more than the signature was added',
      (real: string) => [real.slice(0, -1), '}', `${real.slice(0, -1)},"name":"evil",`],
    ],
    ['a member was cut off', () => ['{"name":"acme/web"', ',"tag":"v1"}', '{"name":"acme/web",']],
  ] as const)('of schema 1 are refused by digest when %s (M01)', async (_name, parts) => {
    const [head, tail, start] = parts('{"name":"acme/web"}');
    const header = { formatLength: head.length, formatTail: Buffer.from(tail).toString('base64url') };
    const signature = { protected: Buffer.from(JSON.stringify(header)).toString('base64url') };
    const forged = `${start}"signatures":[${JSON.stringify(signature)}]}`;
    const type = { 'content-type': 'application/vnd.docker.distribution.manifest.v1+prettyjws' };
    expect((await manifestError(manifest(forged, type), sha256(head + tail))).kind).toBe('digest-mismatch');
  });

  it("bring the registry's warnings, distinct and bounded (U08)", async () => {
    const warning = ['299 - "old tag"', '299 - "old tag"', '299 - "say \\"hi\\""', '199 - "other"', 'nonsense'];
    const many = [...warning, ...Array.from({ length: 100 }, (_, index) => `299 - "w${index}"`)];
    const got = await withReply(manifest(CONTENT, { warning: many }), (engine) => engine.client.getManifest(at('v1')));
    expect(got.warnings).toHaveLength(20);
    expect(got.warnings.slice(0, 3).map((each) => each.text)).toEqual(['old tag', 'say "hi"', 'w0']);
  });
});

describe('HEAD of a manifest', () => {
  it('contradicting the digest asked for is refused', async () => {
    const reply = { headers: { 'content-type': MANIFEST, 'docker-content-digest': OTHER } };
    const error = await withReply(reply, (engine) => registryErrorOf(engine.client.headManifest(at(sha256(CONTENT)))));
    expect(error.failure).toEqual({ kind: 'digest-mismatch', expected: sha256(CONTENT), actual: OTHER });
  });

  it('without digest, type and length says only that it is there', async () => {
    const reply = raw('HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ndocker-content-digest: md5:x\r\n\r\n');
    await expect(withReply(reply, (engine) => engine.client.headManifest(at('v1')))).resolves.toEqual({});
  });
});

describe('blobs', () => {
  const bytes = Buffer.from('the bytes of a config');
  const open = (reply: Reply, size?: number) =>
    withReply(reply, (engine) =>
      registryErrorOf(engine.client.openBlob(blobOf(bytes, size)).then((stream) => buffer(stream))),
    );

  it('with wrong bytes of the right length are refused at their end (B01)', async () => {
    const error = await open({ body: Buffer.from('THE BYTES OF A CONFIG') });
    expect(error.failure).toMatchObject({ kind: 'digest-mismatch', expected: sha256(bytes) });
  });

  it('that claim another length are refused at once (B02)', async () => {
    expect((await open({ body: Buffer.concat([bytes, bytes]) })).failure).toMatchObject({
      kind: 'protocol',
      reason: 'bad-size',
    });
  });

  it('that go on after their size are cut there (B02)', async () => {
    let sent = 0;
    const error = await open({
      raw: (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n');
        socket.write(bytes);
        const pour = () => {
          while (!socket.destroyed && sent < 1 << 30) {
            sent += 65_536;
            if (!socket.write(Buffer.alloc(65_536))) return;
          }
        };
        socket.on('drain', pour);
        pour();
      },
    });
    expect(error.failure).toMatchObject({ kind: 'protocol', reason: 'bad-size' });
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });

  it('cut early without a length are refused (B03)', async () => {
    const error = await open(raw('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n', bytes.subarray(0, 5)));
    expect(error.failure).toMatchObject({ kind: 'network', reason: 'truncated' });
  });

  it('cut early with a length are refused (B03)', async () => {
    const error = await open(raw(`HTTP/1.1 200 OK\r\ncontent-length: ${bytes.length}\r\n\r\n`, bytes.subarray(0, 5)));
    expect(error.failure).toMatchObject({ kind: 'network', reason: 'truncated' });
  });

  it.each(['gzip', 'br', Array.from({ length: 1000 }, () => 'gzip').join(', '), 'zstd'])(
    'in the encoding %.20s are refused (B07)',
    async (encoding) => {
      const error = await open({ headers: { 'content-encoding': encoding }, body: gzipSync(bytes) });
      expect(error.failure).toMatchObject({ kind: 'protocol', reason: 'encoding' });
    },
  );

  it('beyond the limit are refused before any request (B08)', async () => {
    await using registry = await startFakeRegistry(() => ({ body: bytes }));
    await using engine = startEngine(registry.host);
    const error = await registryErrorOf(engine.client.getBlob(blobOf(bytes, 4 * 1024 * 1024 + 1)));
    expect(error.failure).toMatchObject({ kind: 'too-large', limitBytes: 4 * 1024 * 1024 });
    expect(registry.requests).toEqual([]);
  });

  it('of no bytes are fine', async () => {
    const empty = Buffer.alloc(0);
    const got = await withReply({ body: empty }, (engine) => engine.client.getBlob(blobOf(empty)));
    expect(got).toHaveLength(0);
  });

  it('of sha512 are verified as such', async () => {
    const digest = parseDigest(`sha512:${createHash('sha512').update(bytes).digest('hex')}`);
    const call = { repository: 'acme/web', descriptor: { ...blobOf(bytes).descriptor, digest } };
    await expect(withReply({ body: bytes }, (engine) => engine.client.getBlob(call))).resolves.toHaveLength(
      bytes.length,
    );
  });

  it('never lead to a request to their urls (M15)', async () => {
    await using registry = await startFakeRegistry(() => ({ status: 404 }));
    await using trap = await startFakeRegistry(() => ({ body: bytes }));
    await using engine = startEngine(registry.host);
    const { descriptor } = blobOf(bytes);
    const urls = [`http://${trap.host}/x`];
    const error = await registryErrorOf(
      engine.client.getBlob({ repository: 'a', descriptor: { ...descriptor, urls } }),
    );
    expect(error.failure).toMatchObject({ kind: 'not-found', what: 'blob' });
    expect(trap.connections).toBe(0);
  });

  it('free their place when their reader leaves half way', async () => {
    await using registry = await startFakeRegistry(() => ({
      raw: (socket) => void socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${bytes.length}\r\n\r\nthe`),
    }));
    await using engine = startEngine(registry.host);
    const stream = await engine.client.openBlob(blobOf(bytes));
    stream.on('error', () => undefined);
    stream.destroy();
    await expect.poll(() => engine.transport.scheduler.load(registry.host)).toEqual({ active: 0, waiting: 0 });
  });

  it('end as cancelled when their signal is aborted half way', async () => {
    await using registry = await startFakeRegistry(() => ({
      raw: (socket) => void socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${bytes.length}\r\n\r\nthe`),
    }));
    await using engine = startEngine(registry.host);
    const controller = new AbortController();
    const stream = await engine.client.openBlob({ ...blobOf(bytes), signal: controller.signal });
    const read = registryErrorOf(buffer(stream));
    controller.abort();
    expect((await read).kind).toBe('cancelled');
    await expect.poll(() => engine.transport.scheduler.load(registry.host)).toEqual({ active: 0, waiting: 0 });
  });
});
