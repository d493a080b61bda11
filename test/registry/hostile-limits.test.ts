import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { registryErrorOf, startEngine } from '#test/support/engine.ts';
import { json, type Reply, startFakeRegistry } from '#test/support/fake-registry.ts';
import { freePort } from '#test/support/free-port.ts';

const TIMEOUTS = { connectMs: 500, headersMs: 300, idleBodyMs: 300, slowBodyMs: 1200 };
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const v1 = { repository: 'acme/web', reference: 'v1' };

const errorOf = async (reply: Reply, { timeouts = {}, retry = {} } = {}) => {
  await using registry = await startFakeRegistry(() => reply);
  await using engine = startEngine(registry.host, { transport: { timeouts, retry } });
  return await registryErrorOf(engine.client.getManifest(v1));
};
const raw = (...parts: readonly string[]): Reply => ({
  raw: (socket) => {
    for (const part of parts) socket.write(part);
    socket.end();
  },
});
/** Writes one byte of `text` every few milliseconds. */
const drip = (start: string, text: string, everyMs = 20): Reply => ({
  raw: (socket) => {
    if (start !== '') socket.write(start);
    let at = 0;
    const timer = setInterval(() => {
      if (socket.destroyed || at >= text.length) clearInterval(timer);
      else socket.write(text.charAt(at++));
    }, everyMs);
    socket.once('close', () => clearInterval(timer));
  },
});

describe('a server that wastes time', () => {
  it('by never answering is given up (L01)', async () => {
    const error = await errorOf({ raw: () => undefined }, { timeouts: TIMEOUTS });
    expect(error.failure).toMatchObject({ kind: 'network', reason: 'timeout' });
  });

  it('by stalling the TLS handshake is given up (L01)', async () => {
    const server: Server = createServer(() => undefined);
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await using engine = startEngine(`127.0.0.1:${port}`, {
      connection: { plainHttp: false },
      transport: { timeouts: TIMEOUTS },
    });
    const error = await registryErrorOf(engine.client.ping());
    expect(error.failure).toMatchObject({ kind: 'network', reason: 'timeout' });
    server.close();
  });

  it('by never answering a DNS query is given up (L01)', async () => {
    await using engine = startEngine('registry.public.test', {
      transport: { timeouts: TIMEOUTS, lookup: () => undefined },
    });
    const error = await registryErrorOf(engine.client.ping());
    expect(error.failure).toMatchObject({ kind: 'network', reason: 'timeout' });
  });

  it('with one header byte at a time is given up (L02)', async () => {
    const error = await errorOf(drip('', `HTTP/1.1 200 OK\r\nx: ${'a'.repeat(2000)}`), { timeouts: TIMEOUTS });
    expect(error.failure).toMatchObject({ kind: 'network', reason: 'timeout' });
  });

  it('by going silent in a body is given up', async () => {
    const half = `HTTP/1.1 200 OK\r\ncontent-type: ${MANIFEST}\r\ncontent-length: 99\r\n\r\n{`;
    const error = await errorOf({ raw: (socket) => void socket.write(half) }, { timeouts: TIMEOUTS });
    expect(error.failure).toMatchObject({ kind: 'network', reason: 'timeout' });
  });

  it('with one body byte at a time is given up (L03)', async () => {
    const start = `HTTP/1.1 200 OK\r\ncontent-type: ${MANIFEST}\r\ncontent-length: 9999\r\n\r\n{`;
    const error = await errorOf(drip(start, ' '.repeat(9999)), { timeouts: TIMEOUTS });
    expect(error.failure).toMatchObject({ kind: 'network', reason: 'timeout' });
  });

  it('frees its place in the queue', async () => {
    await using registry = await startFakeRegistry(() => ({ raw: () => undefined }));
    await using engine = startEngine(registry.host, { transport: { timeouts: TIMEOUTS } });
    await registryErrorOf(engine.client.ping());
    expect(engine.transport.scheduler.load(registry.host)).toEqual({ active: 0, waiting: 0 });
  });
});

describe('a server that breaks HTTP', () => {
  it.each([
    ['a 20 KB header', `HTTP/1.1 200 OK\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`, 'too-large'],
    ['10,000 headers', `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(10_000)}\r\n`, 'too-large'],
    [
      'both lengths',
      `HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
      'network',
    ],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}}', 'network'],
    ['a negative length', 'HTTP/1.1 200 OK\r\ncontent-length: -2\r\n\r\n{}', 'protocol'],
    ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', 'protocol'],
  ])('with %s is refused (L02, L05)', async (_name, text, kind) => {
    expect((await errorOf(raw(text))).kind).toBe(kind);
  });

  it('with bytes after the body gets a new connection, and nothing of them is believed (L05)', async () => {
    const smuggled = 'HTTP/1.1 200 OK\r\ncontent-length: 15\r\n\r\n{"evil":"first"}';
    let first = true;
    await using registry = await startFakeRegistry(() => {
      if (!first) return { headers: { 'content-type': MANIFEST }, body: '{"honest":true}' };
      first = false;
      return raw(`HTTP/1.1 200 OK\r\ncontent-type: ${MANIFEST}\r\ncontent-length: 2\r\n\r\n{}${smuggled}`);
    });
    await using engine = startEngine(registry.host);
    const results = await Promise.allSettled([engine.client.getManifest(v1), engine.client.getManifest(v1)]);
    const again = await engine.client.getManifest(v1);
    expect(Buffer.from(again.bytes).toString()).toBe('{"honest":true}');
    expect(JSON.stringify(results)).not.toContain('evil');
  });

  it.each([
    ['2', 2],
    ['1000000000', 60],
    ['-5', 1],
    ['abc', undefined],
    ['Wed, 21 Oct 2015 07:28:00 GMT', 1],
  ])('with Retry-After %s is waited for within reason (L04)', async (value, seconds) => {
    const error = await errorOf({ status: 429, headers: { 'retry-after': value } }, { retry: { tries: 1 } });
    expect(error.failure).toEqual({
      kind: 'rate-limited',
      codes: [],
      ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
    });
  });

  it('with an error page of 10 MB is read no further than 64 KiB (U08)', async () => {
    const error = await errorOf({
      status: 500,
      headers: { 'content-type': 'text/html' },
      body: '<p>'.repeat(3_500_000),
    });
    expect(error.failure).toEqual({ kind: 'registry', status: 500, codes: [] });
  });

  it('with an endless list of codes is cut', async () => {
    const errors = Array.from({ length: 500 }, (_, index) => ({ code: `C${index}`, message: 'm'.repeat(50) }));
    const error = await errorOf(json({ errors }, {}, 400));
    const { failure } = error;
    expect(failure.kind === 'registry' && failure.codes).toHaveLength(20);
  });
});

describe('a server that is not there', () => {
  it('refuses the connection', async () => {
    await using engine = startEngine(`127.0.0.1:${await freePort()}`);
    expect((await registryErrorOf(engine.client.ping())).failure).toMatchObject({ kind: 'network', reason: 'refused' });
  });

  it('has no address', async () => {
    await using engine = startEngine('nowhere.invalid');
    expect((await registryErrorOf(engine.client.ping())).failure).toMatchObject({
      kind: 'network',
      reason: 'dns',
      host: 'nowhere.invalid',
    });
  });

  it('resets the connection', async () => {
    const error = await errorOf({ raw: (socket) => void socket.resetAndDestroy() });
    expect(error.failure).toMatchObject({ kind: 'network', reason: 'reset' });
  });
});

describe('cancelling', () => {
  it('ends a waiting request and frees its place', async () => {
    await using registry = await startFakeRegistry(() => ({ raw: () => undefined }));
    await using engine = startEngine(registry.host);
    const controller = new AbortController();
    const waiting = registryErrorOf(engine.client.getManifest({ ...v1, signal: controller.signal }));
    await expect.poll(() => registry.requests.length).toBe(1);
    controller.abort();
    expect((await waiting).kind).toBe('cancelled');
    await expect.poll(() => engine.transport.scheduler.load(registry.host)).toEqual({ active: 0, waiting: 0 });
  });

  it('takes a request out of the queue before it is sent', async () => {
    await using registry = await startFakeRegistry((_request, index) =>
      index === 0 ? json({}) : { raw: () => undefined },
    );
    await using engine = startEngine(registry.host);
    await engine.client.ping();
    const controller = new AbortController();
    const asked = Array.from({ length: 10 }, (_, index) =>
      registryErrorOf(engine.client.getManifest({ ...v1, reference: `v${index}`, signal: controller.signal })),
    );
    await expect.poll(() => engine.transport.scheduler.load(registry.host)).toEqual({ active: 6, waiting: 4 });
    await expect.poll(() => registry.requests.length).toBe(7);
    controller.abort();
    expect((await Promise.all(asked)).map((error) => error.kind)).toEqual(asked.map(() => 'cancelled'));
    expect(registry.requests).toHaveLength(7);
  });

  it('makes no request at all when it comes first', async () => {
    await using registry = await startFakeRegistry(() => json({}));
    await using engine = startEngine(registry.host);
    const error = await registryErrorOf(engine.client.ping({ signal: AbortSignal.abort() }));
    expect(error.kind).toBe('cancelled');
    expect(registry.connections).toBe(0);
  });

  it('on one host never holds up another', async () => {
    await using slow = await startFakeRegistry(() => ({ raw: () => undefined }));
    await using quick = await startFakeRegistry(() => json({}));
    await using engine = startEngine(slow.host);
    const controller = new AbortController();
    const stuck = Array.from({ length: 8 }, () => registryErrorOf(engine.client.ping({ signal: controller.signal })));
    await using other = startEngine(quick.host, {});
    await expect(other.client.ping()).resolves.toBeUndefined();
    controller.abort();
    await Promise.all(stuck);
  });
});
