import { describe, expect, it } from 'vitest';
import { type Engine, registryErrorOf, startEngine } from '#test/support/engine.ts';
import { json, type Reply, startFakeRegistry } from '#test/support/fake-registry.ts';
import { BLOB, blobDescriptor, clockedEngine, LIST, MANIFEST, retries } from '#test/support/retried-engine.ts';
import { createTestClock, drive, type TestClock } from '#test/support/test-clock.ts';

describe('an operation that meets several busy servers', () => {
  const asked = { status: 503, headers: { 'retry-after': '20' } };

  /** A registry that wants a token and redirects to a CDN; each of the three fails so often before it answers. */
  async function meet(
    setbacks: { readonly registry: number; readonly token: number; readonly cdn: number },
    failure: Reply,
    run: (met: { readonly engine: Engine; readonly clock: TestClock; readonly calls: () => unknown }) => Promise<void>,
  ): Promise<void> {
    const clock = createTestClock();
    const counts = { registry: 0, token: 0, cdn: 0 };
    const answer = (server: keyof typeof counts, reply: Reply): Reply => {
      counts[server] += 1;
      return counts[server] <= setbacks[server] ? failure : reply;
    };
    await using cdn = await startFakeRegistry(() => answer('cdn', { body: BLOB }));
    const location = `http://localhost:${cdn.port}/blob`;
    await using registry = await startFakeRegistry(({ path, headers }) => {
      if (path.startsWith('/token')) return answer('token', json({ token: 'good' }));
      const reply =
        headers['authorization'] === undefined
          ? { status: 401, headers: { 'www-authenticate': 'Bearer realm="/token"' } }
          : { status: 307, headers: { location } };
      return answer('registry', reply);
    });
    await using engine = clockedEngine(registry.host, clock);
    await run({ engine, clock, calls: () => counts });
  }
  const readBlob = ({ client }: Engine) => client.getBlob({ ...LIST, descriptor: blobDescriptor });

  it('tries again five times in all', async () => {
    await meet({ registry: 2, token: 2, cdn: 1 }, { status: 503 }, async ({ engine, clock }) => {
      expect(Buffer.from(await drive(clock, readBlob(engine)))).toEqual(BLOB);
      expect(await retries(engine)).toHaveLength(5);
    });
    await meet({ registry: 2, token: 2, cdn: 2 }, { status: 503 }, async ({ engine, clock, calls }) => {
      const error = await drive(clock, registryErrorOf(readBlob(engine)));
      expect(error).toMatchObject({ failure: { status: 503 }, trace: { hop: 'redirect', attempts: 2 } });
      // The registry refused once more and redirected, besides its setbacks.
      expect(calls()).toEqual({ registry: 4, token: 3, cdn: 2 });
    });
  });

  it('keeps a person waiting 30 s in all, not at each of them (L04)', async () => {
    await meet({ registry: 1, token: 0, cdn: 1 }, asked, async ({ engine, clock, calls }) => {
      const error = await drive(clock, registryErrorOf(readBlob(engine)));
      expect(error).toMatchObject({ failure: { status: 503 }, trace: { hop: 'redirect' } });
      expect(calls()).toEqual({ registry: 3, token: 1, cdn: 1 });
    });
    await meet({ registry: 1, token: 1, cdn: 0 }, asked, async ({ engine, clock, calls }) => {
      const error = await drive(clock, registryErrorOf(readBlob(engine)));
      expect(error).toMatchObject({ failure: { status: 503 }, trace: { hop: 'token' } });
      expect(calls()).toEqual({ registry: 2, token: 1, cdn: 0 });
    });
  });

  it('counts an answer that breaks off as well', async () => {
    const cut: Reply = {
      raw: (socket, response) => {
        response.writeHead(200, { 'content-length': '6' });
        response.write('a', () => socket.destroy());
      },
    };
    await using registry = await startFakeRegistry((_request, index) => (index % 2 === 0 ? { status: 503 } : cut));
    await using engine = startEngine(registry.host);
    const error = await registryErrorOf(readBlob(engine));
    expect(error.failure).toMatchObject({ kind: 'network', reason: 'truncated' });
    expect(registry.requests).toHaveLength(6);
  });
});

describe('a token server that is busy', () => {
  it('is asked once more by who only joined one that had no tries left', async () => {
    const clock = createTestClock();
    const [asked, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let [busy, tokens] = [5, 0];
    await using registry = await startFakeRegistry(({ path, headers }) => {
      if (path.startsWith('/token')) {
        tokens += 1;
        if (tokens > 1) return json({ token: 'good' });
        asked.resolve();
        return { raw: (_socket, response) => void released.promise.then(() => response.writeHead(503).end()) };
      }
      if (headers['authorization'] === 'Bearer good') return MANIFEST;
      busy -= 1;
      return busy >= 0 ? { status: 503 } : { status: 401, headers: { 'www-authenticate': 'Bearer realm="/token"' } };
    });
    await using engine = clockedEngine(registry.host, clock);
    const first = registryErrorOf(engine.client.listTags(LIST));
    await drive(clock, asked.promise);
    const second = engine.client.getManifest({ ...LIST, reference: 'v1' });
    await clock.settle();
    released.resolve();
    expect(await first).toMatchObject({ failure: { status: 503 }, trace: { hop: 'token' } });
    expect(Buffer.from((await second).bytes).toString()).toBe(MANIFEST.body);
    expect(tokens).toBe(2);
  });
});
