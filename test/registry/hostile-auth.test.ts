import { describe, expect, it } from 'vitest';
import {
  bearerRegistry,
  challenge,
  ENCODED,
  engineAt,
  expectNoSecret,
  listTags,
  SECRET,
  TAGS,
  tokenFor,
} from '#test/support/bearer-registry.ts';
import { classifyAddress } from '#main/core/registry/transport/address-policy.ts';
import { selfSigned } from '#test/support/certificates.ts';
import { registryErrorOf, startEngine, TEST_NETWORK } from '#test/support/engine.ts';
import { json, startFakeRegistry } from '#test/support/fake-registry.ts';
import { hasTools } from '#test/support/tools.ts';

describe('where a password may go', () => {
  it('sends nothing to a realm on another host, and names both hosts (A01)', async () => {
    await using thief = await startFakeRegistry(() => json({ token: 'good' }));
    await using registry = await bearerRegistry(() => json({}), {
      realm: `http://thief.public.test:${thief.port}/token`,
    });
    await using engine = engineAt(`registry.public.test:${registry.port}`);
    const error = await registryErrorOf(listTags(engine));
    expect(error.failure).toMatchObject({
      kind: 'untrusted-host',
      host: `thief.public.test:${thief.port}`,
      registryHost: `registry.public.test:${registry.port}`,
    });
    expect(thief.connections).toBe(0);
    expect(registry.received).not.toContain(ENCODED);
    expectNoSecret(engine, error.failure, error.message);
  });

  it('sends it to a realm the person trusted for this credential (A01)', async () => {
    await using issuer = await startFakeRegistry(() => json({ token: 'good' }));
    const realmHost = `auth.public.test:${issuer.port}`;
    await using registry = await bearerRegistry(() => json({}), { realm: `http://${realmHost}/token` });
    await using engine = engineAt(`registry.public.test:${registry.port}`, {
      connection: { trustedTokenHosts: [realmHost] },
    });
    await expect(listTags(engine)).resolves.toMatchObject({ names: ['v1'] });
    expect(tokenFor(issuer.requests[0]!)).toBe(`Basic ${ENCODED}`);
    expect(registry.received).not.toContain(ENCODED);
  });

  it('asks a foreign realm for an anonymous token (A01)', async () => {
    await using issuer = await startFakeRegistry(() => json({ token: 'good' }));
    await using registry = await bearerRegistry(() => json({}), {
      realm: `http://auth.public.test:${issuer.port}/token`,
    });
    await using engine = startEngine(`registry.public.test:${registry.port}`, { transport: TEST_NETWORK });
    await expect(listTags(engine)).resolves.toMatchObject({ names: ['v1'] });
    expect(issuer.received).not.toContain('authorization');
  });

  it.each(['loopback', 'private', 'metadata'])(
    'does not connect to a realm whose name resolves to a %s address (A04)',
    async (zone) => {
      await using inside = await startFakeRegistry(() => json({ token: 'good' }));
      const realm = `http://auth.${zone}.test:${inside.port}/token`;
      await using registry = await bearerRegistry(() => json({}), { realm });
      await using engine = startEngine(`registry.public.test:${registry.port}`, { transport: TEST_NETWORK });
      const error = await registryErrorOf(listTags(engine));
      expect(error.failure).toMatchObject({ kind: 'untrusted-host', host: `auth.${zone}.test:${inside.port}` });
      expect(inside.connections).toBe(0);
    },
  );

  it('connects to the address it checked, though the name changes between lookups (A04)', async () => {
    await using issuer = await startFakeRegistry(() => json({ token: 'good' }));
    await using registry = await bearerRegistry(() => json({}), {
      realm: `http://auth.public.test:${issuer.port}/token`,
    });
    let lookups = 0;
    const lookup: typeof TEST_NETWORK.lookup = (hostname, options, callback) => {
      if (hostname.startsWith('auth.')) lookups += 1;
      const inside = hostname.startsWith('auth.') && lookups > 1;
      TEST_NETWORK.lookup?.(inside ? 'auth.metadata.test' : hostname, options, callback);
    };
    await using engine = startEngine(`registry.public.test:${registry.port}`, {
      transport: { ...TEST_NETWORK, lookup },
    });
    await expect(listTags(engine)).resolves.toMatchObject({ names: ['v1'] });
    expect(lookups).toBe(1);
  });

  it('sends it to another port of the registry at a literal address inside the network (A05)', async () => {
    const address = '127.0.0.2';
    await using issuer = await startFakeRegistry(() => json({ token: 'good' }), { address });
    await using registry = await startFakeRegistry(
      (request) =>
        tokenFor(request) === 'Bearer good' ? json({ tags: ['v1'] }) : challenge(`http://${issuer.host}/auth`),
      { address },
    );
    await using engine = engineAt(registry.host);
    await expect(listTags(engine)).resolves.toMatchObject({ names: ['v1'] });
    expect(issuer.requests.map(tokenFor)).toEqual([`Basic ${ENCODED}`]);
    expect(registry.received).not.toContain(ENCODED);
  });

  it('takes a relative realm (A05)', async () => {
    await using registry = await bearerRegistry(() => json({ token: 'good' }));
    await using engine = engineAt(registry.host);
    await expect(listTags(engine)).resolves.toMatchObject({ names: ['v1'] });
    expect(registry.lines).toEqual([
      `GET ${TAGS}?n=1000`,
      'GET /token?service=s&scope=repository%3Aacme%2Fweb%3Apull',
      `GET ${TAGS}?n=1000`,
    ]);
  });

  it.each(['http://u:p@127.0.0.1/token', 'http:\\\\127.0.0.1\\token', 'file:///token', 'javascript:alert(1)'])(
    'refuses the realm %s (A06)',
    async (realm) => {
      await using registry = await bearerRegistry(() => json({ token: 'good' }), { realm });
      await using engine = engineAt(registry.host);
      const error = await registryErrorOf(listTags(engine));
      expect(error.failure).toMatchObject({ kind: 'protocol', reason: 'challenge' });
      expect(registry.lines).toHaveLength(1);
    },
  );

  it.skipIf(!hasTools('openssl'))('makes no request to an http realm of an https registry (A02)', async () => {
    await using plain = await startFakeRegistry(() => json({ token: 'good' }));
    await using registry = await startFakeRegistry(() => challenge(`http://${plain.host}/token`), {
      tls: await selfSigned(),
    });
    await using engine = engineAt(registry.host, { connection: { plainHttp: false, skipVerification: true } });
    const error = await registryErrorOf(listTags(engine));
    expect(error.failure).toMatchObject({ kind: 'protocol', reason: 'challenge' });
    expect(plain.connections).toBe(0);
  });

  it.skipIf(!hasTools('openssl'))('verifies a realm though its registry is exempt (S04)', async () => {
    const tls = await selfSigned(['DNS:registry.public.test', 'DNS:auth.public.test']);
    await using issuer = await startFakeRegistry(() => json({ token: 'good' }), { tls });
    const realm = `https://auth.public.test:${issuer.port}/token`;
    await using registry = await startFakeRegistry(() => challenge(realm), { tls });
    await using engine = startEngine(`registry.public.test:${registry.port}`, {
      connection: { plainHttp: false, skipVerification: true },
      transport: TEST_NETWORK,
    });
    const error = await registryErrorOf(listTags(engine));
    expect(error.failure).toMatchObject({
      kind: 'tls',
      reason: 'self-signed',
      host: `auth.public.test:${issuer.port}`,
    });
    expect(issuer.requests).toEqual([]);
  });

  it('sends Basic only after a challenge, and over plain http only because the person said so (A13)', async () => {
    await using registry = await startFakeRegistry((request) =>
      tokenFor(request) === `Basic ${ENCODED}`
        ? json({ tags: ['v1'] })
        : { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } },
    );
    await using engine = engineAt(registry.host);
    await listTags(engine);
    await listTags(engine);
    expect(registry.requests.map(tokenFor)).toEqual([undefined, `Basic ${ENCODED}`, `Basic ${ENCODED}`]);
    const named = `registry.public.test:${registry.port}`;
    await using strict = engineAt(named, { connection: { plainHttp: false } });
    const error = await registryErrorOf(listTags(strict));
    expect(error.failure).toMatchObject({ kind: 'tls', reason: 'not-tls' });
    expect(registry.requests).toHaveLength(3);
  });
});

describe('a registry found by plain http though nobody asked for that', () => {
  const basic = () =>
    startFakeRegistry((request) =>
      tokenFor(request) === `Basic ${ENCODED}`
        ? json({ tags: ['v1'] })
        : { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } },
    );
  // Everything of these tests is on loopback, which counts as a public address unless told otherwise.
  const thisMachine = { classify: classifyAddress };

  it('gets the password on this machine', async () => {
    await using registry = await basic();
    await using engine = engineAt(registry.host, { connection: { plainHttp: false }, transport: thisMachine });
    await expect(listTags(engine)).resolves.toMatchObject({ names: ['v1'] });
  });

  it.each([
    ['a password', undefined],
    ['a registry token', { kind: 'bearer', secret: SECRET }],
  ] as const)('does not get %s on the network, but for the person says so (A13)', async (_name, credential) => {
    await using registry = await basic();
    const who = credential === undefined ? {} : { credential };
    await using engine = engineAt(registry.host, { ...who, connection: { plainHttp: false } });
    const error = await registryErrorOf(listTags(engine));
    expect(error.failure).toEqual({ kind: 'plaintext-auth', host: registry.host });
    expect(registry.received).not.toContain('authorization');
    expectNoSecret(engine, error.failure, error.message);
  });

  it('gets neither a password for its token server nor the token that comes of one (A13)', async () => {
    await using registry = await bearerRegistry(() => json({ token: 'good' }));
    await using engine = engineAt(registry.host, { connection: { plainHttp: false } });
    const error = await registryErrorOf(listTags(engine));
    expect(error.failure).toEqual({ kind: 'plaintext-auth', host: registry.host });
    expect(registry.received).not.toContain('authorization');
  });

  it('gets anonymous tokens back', async () => {
    await using registry = await bearerRegistry(() => json({ token: 'good' }));
    await using engine = startEngine(registry.host, { connection: { plainHttp: false }, transport: TEST_NETWORK });
    await expect(listTags(engine)).resolves.toMatchObject({ names: ['v1'] });
  });
});

describe('a hostile token server', () => {
  it('is not followed when it redirects (A07)', async () => {
    await using elsewhere = await startFakeRegistry(() => json({ token: 'good' }));
    await using registry = await bearerRegistry(() => ({
      status: 302,
      headers: { location: `http://${elsewhere.host}/token` },
    }));
    await using engine = engineAt(registry.host);
    const error = await registryErrorOf(listTags(engine));
    expect(error.failure).toMatchObject({ kind: 'protocol', reason: 'token' });
    expect(elsewhere.connections).toBe(0);
  });

  it('is cut off at 64 KiB, whatever length it claims (A08)', async () => {
    await using registry = await bearerRegistry(() => ({
      raw: (_socket, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const drip = () => {
          while (!response.destroyed && response.write('x'.repeat(16_384)));
        };
        response.on('drain', drip);
        drip();
      },
    }));
    await using engine = engineAt(registry.host);
    const error = await registryErrorOf(listTags(engine));
    expect(error.failure).toEqual({ kind: 'too-large', limitBytes: 65_536, what: 'token answer' });
  });

  it('is refused for JSON 10,000 deep (A08)', async () => {
    await using registry = await bearerRegistry(() => ({ body: `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}` }));
    await using engine = engineAt(registry.host);
    expect((await registryErrorOf(listTags(engine))).failure).toMatchObject({ kind: 'protocol', reason: 'too-deep' });
  });

  it.each([
    ['a line break', { token: 'a\r\nx-evil: 1' }],
    ['a number', { token: 42 }],
    ['nothing', {}],
    ['an empty text', { token: '', access_token: '' }],
    ['a list', ['good']],
  ])('is refused for a token that is %s, which is never repeated (A09)', async (_name, body) => {
    await using registry = await bearerRegistry(() => json(body));
    await using engine = engineAt(registry.host);
    const error = await registryErrorOf(listTags(engine));
    expect(error.failure.kind).toBe('protocol');
    expect(JSON.stringify([error.failure, engine.log])).not.toContain('evil');
    expect(registry.received).not.toContain('evil');
  });

  it('echoes our secret in vain (A09)', async () => {
    await using registry = await bearerRegistry(() =>
      json({ errors: [{ code: 'DENIED', message: `no: alice:${SECRET} ${ENCODED}`, detail: { p: SECRET } }] }, {}, 401),
    );
    await using engine = engineAt(registry.host);
    const error = await registryErrorOf(listTags(engine));
    expect(error.failure).toMatchObject({ kind: 'unauthorized', hadCredential: true });
    expect(error.trace).toMatchObject({ hop: 'token', status: 401 });
    expectNoSecret(engine, error.failure, error.message, error.trace);
  });

  it('gets service and foreign scopes encoded, never as more parameters (A10)', async () => {
    await using registry = await startFakeRegistry((request) =>
      request.path.startsWith('/token')
        ? json({ token: 'good' })
        : {
            status: 401,
            headers: { 'www-authenticate': 'Bearer realm="/token?a=1",service="s&x=1#%0d",scope="aws&y=2"' },
          },
    );
    await using engine = engineAt(registry.host);
    await registryErrorOf(listTags(engine));
    const query = new URL(registry.requests[1]!.path, 'http://x').searchParams;
    expect([...query]).toEqual([
      ['a', '1'],
      ['service', 's&x=1#%0d'],
      ['scope', 'repository:acme/web:pull'],
      ['scope', 'aws&y=2'],
    ]);
  });

  it('is asked for our own scope only, whatever the challenge demands (A11)', async () => {
    await using registry = await bearerRegistry(() => json({ token: 'good' }), {
      more: ',scope="repository:other/secret:pull repository:acme/web:push,pull registry:catalog:*"',
    });
    await using engine = engineAt(registry.host);
    await listTags(engine);
    expect(new URL(registry.requests[1]!.path, 'http://x').searchParams.getAll('scope')).toEqual([
      'repository:acme/web:pull',
    ]);
  });

  it.each([0, -1, '1e400', undefined, 'soon', 30])(
    'with expires_in %s is asked once a minute at most (A15)',
    async (expires) => {
      let now = 1_000_000;
      const body = `{"token":"good","issued_at":"2999-01-01T00:00:00Z"${expires === undefined ? '' : `,"expires_in":${typeof expires === 'string' && expires !== '1e400' ? JSON.stringify(expires) : expires}`}}`;
      await using registry = await bearerRegistry(() => ({ body }));
      await using engine = engineAt(registry.host, { clock: { now: () => now, sleep: () => Promise.resolve() } });
      const tokenCalls = () => registry.lines.filter((line) => line.startsWith('GET /token')).length;
      await listTags(engine);
      now += 54_000;
      await listTags(engine);
      expect(tokenCalls()).toBe(1);
      now += 2_000;
      await listTags(engine);
      expect(tokenCalls()).toBe(2);
    },
  );
});
