import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Transport } from '#main/core/registry/transport/http.ts';
import { isRegistryError } from '#main/core/registry/transport/registry-error.ts';
import { checkRealm } from '#main/core/registry/auth/realm.ts';
import { apiUrl } from '#main/core/registry/transport/route.ts';
import { createEndpointFinder } from '#main/core/registry/remote/find-endpoint.ts';
import { selfSigned } from '#test/support/certificates.ts';
import { endpointAt } from '#test/support/endpoint.ts';
import { password, registryErrorOf, startEngine, TEST_NETWORK } from '#test/support/engine.ts';
import { json, startFakeRegistry } from '#test/support/fake-registry.ts';
import { freePort } from '#test/support/free-port.ts';
import { hasTools } from '#test/support/tools.ts';
import { hasVectors, loadVectors } from '#test/support/vectors.ts';

type SchemeVector = {
  readonly id: string;
  readonly host: string;
  readonly insecure: boolean;
  readonly expect: { readonly plainHttpFallback: boolean };
};

const guessed = { plainHttp: false };
const basic = { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } };

/** Which schemes a finder would try, when nothing answers. */
async function schemesTried(host: string, insecure: boolean): Promise<readonly string[]> {
  const tried: string[] = [];
  await using engine = startEngine('127.0.0.1:1');
  const refused = await registryErrorOf(engine.transport.send(await anyRequest()));
  const transport: Transport = {
    ...engine.transport,
    send: (request) => {
      tried.push(request.url.protocol);
      return Promise.reject(refused);
    },
  };
  const finder = createEndpointFinder({ host, plainHttp: insecure, skipVerification: false }, transport);
  try {
    tried.push((await finder.find()).url.protocol);
  } catch (error) {
    if (!isRegistryError(error)) throw error;
  }
  return [...new Set(tried)];
}

async function anyRequest() {
  const endpoint = endpointAt(`http://127.0.0.1:${await freePort()}`);
  return { endpoint, method: 'GET', url: endpoint.url, hop: 'registry', redirects: 'refuse' } as const;
}

describe.skipIf(!hasVectors)('plain http as other clients have it', () => {
  it.each(loadVectors<SchemeVector>('schemes'))('$id', async ({ host, insecure, expect: expected }) => {
    // `::1` without brackets is no registry's address for us: it could not carry a port.
    const typed = host === '::1' ? '[::1]' : host;
    // What looks like an address and is none (10.256.0.0) is refused before anything is tried.
    const tried = URL.canParse(`http://${typed}`) ? await schemesTried(typed, insecure) : [];
    expect(tried.includes('http:')).toBe(expected.plainHttpFallback);
  });
});

type OverrideVector = {
  readonly id: string;
  readonly kind: string;
  readonly registry: string;
  readonly url: string;
  readonly expect: { readonly scheme: string };
};

describe.skipIf(!hasVectors)('a registry that was found to speak http', () => {
  const vectors = loadVectors<OverrideVector>('canonical-hosts', ({ kind }) => kind === 'scheme-override');

  it.each(vectors)('gives its scheme to its own requests alone: $id', async ({ registry, url, expect: expected }) => {
    await using engine = startEngine('127.0.0.1:1');
    const connection = { host: registry, plainHttp: true, skipVerification: false };
    const endpoint = await createEndpointFinder(connection, engine.transport).find();
    const { host } = new URL(url);
    const trace = { method: 'GET', url: '', hop: 'registry' } as const;
    const asked =
      host === endpoint.url.host
        ? apiUrl(endpoint, '/v2/')
        : checkRealm(`${url}/token`, { registry: endpoint.url, trace, classify: () => 'public', header: '' });
    expect(asked.protocol).toBe(`${expected.scheme}:`);
  });
});

describe('the scheme of a registry on this machine', () => {
  it('is found by asking https first, without a credential, and kept', async () => {
    await using registry = await startFakeRegistry((request) =>
      request.headers['authorization'] === undefined ? basic : json({ tags: [] }),
    );
    await using engine = startEngine(registry.host, { credential: password('alice', 'pw'), connection: guessed });
    await Promise.all([1, 2, 3].map(() => engine.client.listTags({ repository: 'a' })));
    expect(registry.lines[0]).toBe('GET /v2/');
    expect(registry.requests[0]?.headers['authorization']).toBeUndefined();
    expect(registry.lines.filter((line) => line === 'GET /v2/')).toHaveLength(1);
  });

  it.skipIf(!hasTools('openssl'))('stays https when only the certificate is bad (S01)', async () => {
    await using registry = await startFakeRegistry(() => json({}), { tls: await selfSigned() });
    await using engine = startEngine(registry.host, { connection: guessed });
    const { failure } = await registryErrorOf(engine.client.ping());
    expect(failure).toMatchObject({ kind: 'tls', reason: 'self-signed' });
    expect(failure).not.toHaveProperty('otherAttempt');
    expect(registry.requests).toEqual([]);
  });

  it('is told with both failures when neither answers', async () => {
    const host = `127.0.0.1:${await freePort()}`;
    await using engine = startEngine(host, { connection: guessed });
    expect((await registryErrorOf(engine.client.ping())).failure).toEqual({
      kind: 'network',
      reason: 'refused',
      host,
      detail: expect.stringContaining('ECONNREFUSED'),
      otherAttempt: {
        url: `http://${host}/v2/`,
        reason: 'refused',
        detail: expect.stringContaining('ECONNREFUSED'),
      },
    });
  });

  it('is looked for again after a failure', async () => {
    const port = await freePort();
    await using engine = startEngine(`127.0.0.1:${port}`, { connection: guessed });
    expect((await registryErrorOf(engine.client.ping())).kind).toBe('network');
    await using _registry = await startFakeRegistry(() => json({}), { port });
    await expect(engine.client.ping()).resolves.toBeUndefined();
  });

  it('is http for a server that hangs up on a TLS greeting', async () => {
    await using registry = await startRudeServer();
    await using engine = startEngine(`127.0.0.1:${registry.port}`, { connection: guessed });
    await expect(engine.client.ping()).resolves.toBeUndefined();
  });

  it('is not waited for by a caller who has gone', async () => {
    await using silent = await startFakeRegistry(() => ({ raw: () => undefined }));
    await using engine = startEngine(silent.host, { connection: guessed });
    const error = await registryErrorOf(engine.client.ping({ signal: AbortSignal.timeout(100) }));
    expect(error.kind).toBe('cancelled');
  });
});

describe('a password over plain http that nobody asked for', () => {
  const askAt = async (address: string) => {
    const registry = await startFakeRegistry(() => basic, { address });
    const engine = startEngine(registry.host, {
      credential: password('alice', 'canary'),
      connection: guessed,
      transport: { classify: (each) => (each === '127.0.0.2' ? 'private' : 'loopback') },
    });
    return { registry, engine };
  };

  it('goes to this machine (A13)', async () => {
    const { registry, engine } = await askAt('127.0.0.1');
    await using _registry = registry;
    await using _engine = engine;
    expect((await registryErrorOf(engine.client.ping())).kind).toBe('unauthorized');
    expect(registry.received).toContain('authorization: Basic');
  });

  it('does not go to another one (A13)', async () => {
    const { registry, engine } = await askAt('127.0.0.2');
    await using _registry = registry;
    await using _engine = engine;
    expect((await registryErrorOf(engine.client.ping())).failure).toEqual({
      kind: 'plaintext-auth',
      host: registry.host,
    });
    expect(registry.received).not.toContain('authorization');
  });
});

describe('a registry elsewhere', () => {
  it('is asked over https alone', async () => {
    await using registry = await startFakeRegistry(() => json({}));
    const options = { connection: guessed, transport: TEST_NETWORK };
    for (const zone of ['public', 'private', 'loopback']) {
      const address = { public: '127.0.0.1', private: '127.0.0.2', loopback: '127.0.0.3' }[zone];
      await using here = await startFakeRegistry(() => json({}), { address: address ?? '' });
      await using engine = startEngine(`registry.${zone}.test:${here.port}`, options);
      expect((await registryErrorOf(engine.client.ping())).failure).toMatchObject({ kind: 'tls', reason: 'not-tls' });
      expect(here.requests).toEqual([]);
    }
    expect(registry.requests).toEqual([]);
  });
});

/** Speaks http, and closes on anything else without a word. */
async function startRudeServer() {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', (bytes: Buffer) => {
      if (bytes[0] === 0x16) socket.resetAndDestroy();
      else socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-type: application/json\r\n\r\n{}');
    });
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => void server.close(done));
    },
  };
}
