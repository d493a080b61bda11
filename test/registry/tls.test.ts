import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { selfSigned } from '#test/support/certificates.ts';
import { startDockerRegistry } from '#test/support/docker-registry.ts';
import { type Engine, password, registryErrorOf, startEngine, TEST_NETWORK } from '#test/support/engine.ts';
import { json, startFakeRegistry } from '#test/support/fake-registry.ts';
import { hasTools } from '#test/support/tools.ts';

const https = (host: string, skipVerification = false): Engine =>
  startEngine(host, {
    credential: password('alice', 'secret'),
    connection: { plainHttp: false, skipVerification },
    transport: TEST_NETWORK,
  });

describe.skipIf(!hasTools('openssl', 'docker-registry'))(
  'docker-registry over TLS with a certificate of its own',
  () => {
    it('is refused, and let in once the person allowed it', async () => {
      await using registry = await startDockerRegistry({ tls: await selfSigned() });
      await using strict = https(registry.host);
      expect((await registryErrorOf(strict.client.ping())).failure).toMatchObject({
        kind: 'tls',
        reason: 'self-signed',
        host: registry.host,
        // Without Node's advice for whoever starts it by hand.
        detail: 'self-signed certificate',
      });
      await using lenient = https(registry.host, true);
      await expect(lenient.client.ping()).resolves.toBeUndefined();
    });
  },
);

describe.skipIf(!hasTools('openssl'))('a certificate', () => {
  it('that is self-signed stops everything before a request (S01)', async () => {
    await using registry = await startFakeRegistry(() => json({}), { tls: await selfSigned() });
    await using engine = https(registry.host);
    expect((await registryErrorOf(engine.client.ping())).kind).toBe('tls');
    expect(registry.requests).toEqual([]);
  });

  it.each([
    ['has expired', 'expired', ['IP:127.0.0.1'], { expired: true }],
    ['is for another host', 'wrong-host', ['DNS:elsewhere.test'], {}],
  ] as const)('that is trusted but %s is called %s (S01)', async (_name, reason, names, options) => {
    const tls = await selfSigned(names, options);
    const trusted = getCACertificates('default');
    setDefaultCACertificates([...trusted, tls.certificate]);
    try {
      await using registry = await startFakeRegistry(() => json({}), { tls });
      await using engine = https(registry.host);
      expect((await registryErrorOf(engine.client.ping())).failure).toMatchObject({ kind: 'tls', reason });
      expect(registry.requests).toEqual([]);
    } finally {
      setDefaultCACertificates(trusted);
    }
  });

  it('accepted for one registry says nothing about another on the same transport (S03)', async () => {
    const tls = await selfSigned();
    await using a = await startFakeRegistry(() => json({}), { tls });
    await using b = await startFakeRegistry(() => json({}), { tls });
    await using lenient = https(a.host, true);
    await lenient.client.ping();
    const { createRegistryClient } = await import('#main/core/registry/create-registry-client.ts');
    const strict = (host: string) =>
      createRegistryClient(
        { host, plainHttp: false, skipVerification: false },
        {
          logger: { log: () => undefined },
          clock: { now: Date.now, sleep: async () => {} },
          transport: lenient.transport,
        },
      );
    expect((await registryErrorOf(strict(b.host).ping())).kind).toBe('tls');
    expect((await registryErrorOf(strict(a.host).ping())).kind).toBe('tls');
  });
});

describe('an https port that speaks http', () => {
  it('is called so, and never asked in plain text (S02)', async () => {
    await using registry = await startFakeRegistry(() => json({}));
    const host = `registry.public.test:${registry.port}`;
    await using engine = https(host);
    expect((await registryErrorOf(engine.client.ping())).failure).toMatchObject({
      kind: 'tls',
      reason: 'not-tls',
      host,
    });
    expect(registry.requests).toEqual([]);
  });
});
