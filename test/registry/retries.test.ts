import { describe, expect, it } from 'vitest';
import { parseDigest } from '#shared/oci/digest.ts';
import { discard } from '#main/core/registry/transport/body.ts';
import type { HttpRequest } from '#main/core/registry/transport/http.ts';
import { endpointAt } from '#test/support/endpoint.ts';
import { type Engine, password, registryErrorOf, startEngine } from '#test/support/engine.ts';
import { type Handler, json, type Reply, startFakeRegistry } from '#test/support/fake-registry.ts';
import { BLOB, blobDescriptor, clockedEngine, LIST, MANIFEST, retries, TAGS } from '#test/support/retried-engine.ts';
import { createTestClock, drive } from '#test/support/test-clock.ts';

/** Fails so often, then answers. */
const failing = (times: number, failure: Reply, then: Reply): Handler => {
  return (_request, index) => (index < times ? failure : then);
};
const request = (host: string, path = '/v2/'): HttpRequest => {
  const url = new URL(`http://${host}${path}`);
  return { endpoint: endpointAt(url.origin), method: 'GET', url, hop: 'registry', redirects: 'follow' };
};

const ENDPOINTS: readonly (readonly [name: string, answer: Reply, ask: (engine: Engine) => Promise<unknown>])[] = [
  ['the ping', json({}), (engine) => engine.client.ping()],
  ['a list of tags', TAGS, (engine) => engine.client.listTags(LIST)],
  ['the catalog', json({ repositories: [] }), (engine) => engine.client.listRepositories({})],
  ['HEAD of a manifest', MANIFEST, (engine) => engine.client.headManifest({ ...LIST, reference: 'v1' })],
  ['a manifest', MANIFEST, (engine) => engine.client.getManifest({ ...LIST, reference: 'v1' })],
  ['a blob', { body: BLOB }, (engine) => engine.client.getBlob({ ...LIST, descriptor: blobDescriptor })],
];

describe('a registry that is busy for a while', () => {
  it.each(
    ENDPOINTS.flatMap(([name, answer, ask]) =>
      [500, 502, 503, 504].map((status) => [name, status, answer, ask] as const),
    ),
  )('is asked again for %s after %i (FI06)', async (_name, status, answer, ask) => {
    await using registry = await startFakeRegistry(failing(3, { status }, answer));
    await using engine = startEngine(registry.host);
    await ask(engine);
    expect(registry.requests).toHaveLength(4);
    await expect.poll(() => engine.transport.scheduler.load(registry.host)).toEqual({ active: 0, waiting: 0 });
  });

  it('is given twice as long each time (FI06)', async () => {
    const clock = createTestClock();
    await using registry = await startFakeRegistry(failing(5, { status: 503 }, TAGS));
    await using engine = clockedEngine(registry.host, clock);
    expect((await drive(clock, engine.client.listTags(LIST))).names).toEqual(['v1']);
    expect(await retries(engine)).toEqual([
      'retry 2 of 6 in 0.5 s: HTTP 503',
      'retry 3 of 6 in 1.0 s: HTTP 503',
      'retry 4 of 6 in 2.0 s: HTTP 503',
      'retry 5 of 6 in 4.0 s: HTTP 503',
      'retry 6 of 6 in 8.0 s: HTTP 503',
    ]);
  });

  it('for ever is told after six tries, and how often it was asked (FI07)', async () => {
    await using registry = await startFakeRegistry(() => json({ errors: [{ code: 'UNAVAILABLE' }] }, {}, 503));
    await using engine = startEngine(registry.host);
    const error = await registryErrorOf(engine.client.listTags(LIST));
    expect(error).toMatchObject({ failure: { status: 503 }, trace: { attempts: 6 } });
    expect(error.message).toContain('UNAVAILABLE');
    expect(registry.requests).toHaveLength(6);
  });

  it.each([400, 403, 404, 501, 505])('is not asked again after %i', async (status) => {
    await using registry = await startFakeRegistry(() => ({ status }));
    await using engine = startEngine(registry.host);
    const error = await registryErrorOf(engine.client.listTags(LIST));
    expect(error.trace).not.toHaveProperty('attempts');
    expect(registry.requests).toHaveLength(1);
  });

  it('holds up neither who leaves nor their place in the queue', async () => {
    const clock = createTestClock();
    await using registry = await startFakeRegistry(() => ({ status: 503 }));
    await using engine = clockedEngine(registry.host, clock);
    const controller = new AbortController();
    const left = registryErrorOf(engine.client.listTags({ ...LIST, signal: controller.signal }));
    await expect.poll(() => retries(engine)).toHaveLength(1);
    await expect.poll(() => engine.transport.scheduler.load(registry.host)).toEqual({ active: 0, waiting: 0 });
    controller.abort();
    expect((await left).kind).toBe('cancelled');
    expect(registry.requests).toHaveLength(1);
  });
});

describe('a registry that says when to come back', () => {
  it.each([
    ['2', 2],
    ['Sat, 21 Nov 2026 00:00:05 GMT', 5],
    ['-5', 1],
  ])('with Retry-After %s is asked again then (FI08, L04)', async (value, seconds) => {
    const clock = createTestClock(Date.UTC(2026, 10, 21));
    const busy = { status: 429, headers: { 'retry-after': value } };
    await using registry = await startFakeRegistry(failing(1, busy, json({})));
    await using engine = clockedEngine(registry.host, clock);
    const started = clock.now();
    discard((await drive(clock, engine.transport.send(request(registry.host)))).body);
    expect(clock.now() - started).toBe(seconds * 1000);
    expect(await retries(engine)).toEqual([`retry 2 of 6 in ${seconds}.0 s, as asked: HTTP 429`]);
  });

  it('later than a person waits is told at once, with the time (L04)', async () => {
    await using registry = await startFakeRegistry(() => ({ status: 429, headers: { 'retry-after': '1000000000' } }));
    await using engine = startEngine(registry.host);
    const error = await registryErrorOf(engine.client.listTags(LIST));
    expect(error.failure).toEqual({ kind: 'rate-limited', retryAfterSeconds: 60, codes: [] });
    expect(registry.requests).toHaveLength(1);
    expect(engine.transport.scheduler.pauseOf(registry.host)).toBeUndefined();
  });

  it('later than a person waits is waited for in the background', async () => {
    const clock = createTestClock();
    const busy = { status: 429, headers: { 'retry-after': '60' } };
    await using registry = await startFakeRegistry(failing(2, busy, TAGS));
    await using engine = clockedEngine(registry.host, clock);
    const page = await drive(clock, engine.client.listTags({ ...LIST, priority: 'background' }));
    expect(page.names).toEqual(['v1']);
    expect(engine.transport.scheduler.pauseOf(registry.host)).toBeUndefined();
  });

  it('is left alone by every other request until then, and no other registry is (FI08)', async () => {
    const clock = createTestClock();
    const busy = { status: 429, headers: { 'retry-after': '20' } };
    await using limited = await startFakeRegistry(failing(1, busy, TAGS));
    await using other = await startFakeRegistry(() => TAGS);
    await using engine = clockedEngine(limited.host, clock);
    const first = engine.client.listTags(LIST);
    await expect.poll(() => engine.transport.scheduler.pauseOf(limited.host)?.reason).toBe('HTTP 429');
    const second = engine.transport.send(request(limited.host));
    await expect.poll(() => engine.transport.scheduler.load(limited.host).waiting).toBe(1);
    discard((await engine.transport.send(request(other.host))).body);
    expect(limited.requests).toHaveLength(1);
    expect(other.requests).toHaveLength(1);
    await drive(clock, first);
    discard((await second).body);
    expect(limited.requests).toHaveLength(3);
  });

  it('is not asked again for a quota that is used up for hours', async () => {
    const headers = { 'ratelimit-limit': '100;w=21600', 'ratelimit-remaining': '0;w=21600' };
    await using registry = await startFakeRegistry(() => ({ status: 429, headers }));
    await using engine = startEngine(registry.host);
    expect((await registryErrorOf(engine.client.listTags(LIST))).kind).toBe('rate-limited');
    expect(registry.requests).toHaveLength(1);
  });
});

describe('a token server that is busy', () => {
  it('is waited for, by all requests together (FI10)', async () => {
    const clock = createTestClock();
    let tokenRequests = 0;
    const token = (): Reply => {
      tokenRequests += 1;
      return tokenRequests > 4 ? json({ token: 'good' }) : { status: 503, headers: { 'retry-after': '5' } };
    };
    await using registry = await startFakeRegistry(({ headers, path }) => {
      if (path.startsWith('/token')) return token();
      if (headers['authorization'] === 'Bearer good') return json({ tags: ['v1'] });
      return { status: 401, headers: { 'www-authenticate': 'Bearer realm="/token",service="s"' } };
    });
    await using engine = clockedEngine(registry.host, clock);
    const asked = Array.from({ length: 10 }, () => engine.client.listTags(LIST));
    const pages = await drive(clock, Promise.all(asked));
    expect(pages.map((page) => page.names)).toEqual(asked.map(() => ['v1']));
    expect(tokenRequests).toBe(5);
  });

  it('is sent a POST once only', async () => {
    await using registry = await startFakeRegistry(() => ({ status: 503 }));
    await using engine = startEngine(registry.host);
    const response = await engine.transport.send({ ...request(registry.host), method: 'POST', body: 'a=b' });
    discard(response.body);
    expect(registry.requests).toHaveLength(1);
  });
});

describe('an answer that breaks off', () => {
  const cut = (body: string, length: number): Reply => ({
    raw: (socket) => void socket.end(`HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\n\r\n${body}`),
  });

  it.each(ENDPOINTS.slice(1, 3))('is read again: %s', async (_name, answer, ask) => {
    await using registry = await startFakeRegistry(failing(2, cut('{"', 50), answer));
    await using engine = startEngine(registry.host);
    await ask(engine);
    expect(registry.requests).toHaveLength(3);
    expect(await retries(engine)).toEqual([
      'retry 2 of 4 in 0.0 s: the connection was lost',
      'retry 3 of 4 in 0.0 s: the connection was lost',
    ]);
  });

  it('is read again: a small blob, whole and right', async () => {
    await using registry = await startFakeRegistry(failing(1, cut('a b', BLOB.length), { body: BLOB }));
    await using engine = startEngine(registry.host);
    expect(Buffer.from(await engine.client.getBlob({ ...LIST, descriptor: blobDescriptor }))).toEqual(BLOB);
    expect(registry.requests).toHaveLength(2);
  });

  it('each time is told after four tries', async () => {
    await using registry = await startFakeRegistry(() => cut('{"', 50));
    await using engine = startEngine(registry.host);
    const error = await registryErrorOf(engine.client.getManifest({ ...LIST, reference: 'v1' }));
    expect(error).toMatchObject({ failure: { kind: 'network', reason: 'truncated' }, trace: { attempts: 4 } });
    expect(registry.requests).toHaveLength(4);
  });

  it('is read once more for wrong bytes, and no third time (FI05)', async () => {
    await using registry = await startFakeRegistry(() => ({ body: 'A BLOB' }));
    await using engine = startEngine(registry.host);
    const error = await registryErrorOf(engine.client.getBlob({ ...LIST, descriptor: blobDescriptor }));
    expect(error.kind).toBe('digest-mismatch');
    expect(registry.requests).toHaveLength(2);
  });
});

describe('equal questions at once', () => {
  const slowTags = (release: Promise<unknown>): Handler => {
    return () => ({ raw: (_socket, response) => void release.then(() => response.end('{"tags":["v1"]}')) });
  };

  it('are asked once, and who leaves leaves alone', async () => {
    const gate = Promise.withResolvers<void>();
    await using registry = await startFakeRegistry(slowTags(gate.promise));
    await using engine = startEngine(registry.host, { credential: password('alice', 's3cret') });
    const controller = new AbortController();
    const left = registryErrorOf(engine.client.listTags({ ...LIST, signal: controller.signal }));
    const asked = Array.from({ length: 20 }, () => engine.client.listTags(LIST));
    await expect.poll(() => registry.requests.length).toBe(1);
    controller.abort();
    expect((await left).kind).toBe('cancelled');
    gate.resolve();
    expect((await Promise.all(asked)).map((page) => page.names)).toEqual(asked.map(() => ['v1']));
    expect(registry.requests).toHaveLength(1);
    await engine.client.listTags(LIST);
    expect(registry.requests).toHaveLength(2);
  });

  it('join one of their own priority or higher, never a lower one', async () => {
    const gate = Promise.withResolvers<void>();
    await using registry = await startFakeRegistry(slowTags(gate.promise));
    await using engine = startEngine(registry.host);
    const visible = engine.client.listTags({ ...LIST, priority: 'visible' });
    const background = engine.client.listTags({ ...LIST, priority: 'background' });
    const open = engine.client.listTags(LIST);
    gate.resolve();
    await Promise.all([visible, background, open]);
    expect(registry.requests).toHaveLength(2);
  });
});

describe('rows on screen', () => {
  it('never keep a click waiting, though all of them hang', async () => {
    await using registry = await startFakeRegistry(({ path }) =>
      path.includes('/manifests/') ? { raw: () => undefined } : TAGS,
    );
    await using engine = startEngine(registry.host);
    await engine.client.ping().catch(() => undefined);
    const controller = new AbortController();
    const rows = Array.from({ length: 50 }, (_, index) =>
      registryErrorOf(
        engine.client.getManifest({
          ...LIST,
          reference: `v${index}`,
          priority: 'visible',
          signal: controller.signal,
        }),
      ),
    );
    await expect.poll(() => engine.transport.scheduler.load(registry.host).waiting).toBe(45);
    expect((await engine.client.listTags(LIST)).names).toEqual(['v1']);
    controller.abort();
    await Promise.all(rows);
    await expect.poll(() => engine.transport.scheduler.load(registry.host)).toEqual({ active: 0, waiting: 0 });
  });

  it('look up referrers in their own lane', async () => {
    await using registry = await startFakeRegistry(({ path }) =>
      path === '/v2/' ? json({}) : { raw: () => undefined },
    );
    await using engine = startEngine(registry.host);
    await engine.client.ping();
    const controller = new AbortController();
    const call = { ...LIST, priority: 'visible', signal: controller.signal } as const;
    const digests = Array.from({ length: 8 }, (_, index) => parseDigest(`sha256:${String(index).repeat(64)}`));
    const rows = digests.map((digest) => registryErrorOf(engine.client.listReferrers({ ...call, digest })));
    await expect.poll(() => registry.requests.length).toBe(6);
    expect(engine.transport.scheduler.load(registry.host)).toEqual({ active: 5, waiting: 3 });
    controller.abort();
    await Promise.all(rows);
  });
});
