import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type Engine, registryErrorOf, startEngine } from '#test/support/engine.ts';
import { type Handler, json, startFakeRegistry } from '#test/support/fake-registry.ts';

/** Answers the first request of each connection and ends the connection when a second one arrives on it. */
function closesIdleConnections(end: (socket: Socket) => void): Handler {
  const used = new WeakSet<Socket>();
  return () => ({
    raw: (socket: Socket, response: ServerResponse) => {
      if (used.has(socket)) end(socket);
      else response.end('{"name":null,"tags":["v1"]}');
      used.add(socket);
    },
  });
}

const DIGEST = `sha256:${'a'.repeat(64)}`;

const tags = (engine: ReturnType<typeof startEngine>) => engine.client.listTags({ repository: 'acme/web' });

describe('a kept connection that the server closes as the next request arrives', () => {
  it.each([
    ['an end', (socket: Socket) => void socket.end()],
    ['a reset', (socket: Socket) => void socket.resetAndDestroy()],
  ])('with %s costs the person nothing', async (_name, end) => {
    await using registry = await startFakeRegistry(closesIdleConnections(end));
    await using engine = startEngine(registry.host);
    for (let round = 0; round < 3; round += 1) expect((await tags(engine)).names).toEqual(['v1']);
    await Promise.all(Array.from({ length: 6 }, () => tags(engine)));
    expect(engine.log.filter(({ level }) => level === 'warn')).toEqual([]);
    expect(engine.transport.scheduler.load(registry.host)).toEqual({ active: 0, waiting: 0 });
  });
});

describe('a connection that ends before an answer', () => {
  it('is made up for at once, then tried again thrice, then told with how often', async () => {
    await using registry = await startFakeRegistry(() => ({ raw: (socket) => void socket.resetAndDestroy() }));
    await using engine = startEngine(registry.host);
    const error = await registryErrorOf(tags(engine));
    expect(error.failure).toMatchObject({ kind: 'network', reason: 'reset' });
    expect(error.trace).toMatchObject({ attempts: 4 });
    expect(registry.requests).toHaveLength(5);
    expect(registry.connections).toBe(5);
  });

  it('is tried again also when the headers had begun', async () => {
    await using registry = await startFakeRegistry((_request, index) =>
      index > 0
        ? json({ name: null, tags: ['v1'] })
        : { raw: (socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-le', () => socket.destroy()) },
    );
    await using engine = startEngine(registry.host);
    expect((await tags(engine)).names).toEqual(['v1']);
    expect(registry.requests).toHaveLength(2);
  });

  it('is not tried again for who has left', async () => {
    const controller = new AbortController();
    await using registry = await startFakeRegistry(() => ({
      raw: (socket) => {
        controller.abort();
        socket.resetAndDestroy();
      },
    }));
    await using engine = startEngine(registry.host);
    const left = engine.client.listTags({ repository: 'acme/web', signal: controller.signal });
    expect((await registryErrorOf(left)).kind).toBe('cancelled');
    expect(registry.requests).toHaveLength(1);
  });
});

describe('HEAD', () => {
  const headers = { 'content-type': 'application/vnd.oci.image.manifest.v1+json', 'docker-content-digest': DIGEST };
  const head = (engine: Engine) => engine.client.headManifest({ repository: 'a', reference: 'v1' });

  it('keeps its connection for the next', async () => {
    await using registry = await startFakeRegistry(() => ({ headers: { ...headers, 'content-length': '2' } }));
    await using engine = startEngine(registry.host);
    for (let count = 0; count < 20; count += 1) await head(engine);
    expect(registry.lines).toHaveLength(20);
    // The next may set out before the answer is over, and then needs a second one.
    expect(registry.connections).toBeLessThanOrEqual(2);
  });

  it('is answered by a server that sends a body with it', async () => {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const answer = `HTTP/1.1 200 OK\r\n${lines.join('')}content-length: 2\r\n\r\n{}`;
    await using registry = await startFakeRegistry(() => ({ raw: (socket) => void socket.write(answer) }));
    await using engine = startEngine(registry.host);
    for (let count = 0; count < 5; count += 1) expect(await head(engine)).toMatchObject({ digest: DIGEST });
  });
});
