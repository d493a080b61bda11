import { describe, expect, it } from 'vitest';
import { CredentialHelperError } from '#main/core/gantry-error.ts';
import type { CredentialSource, FoundCredential, RegistryCredential } from '#main/core/registry/registry-client.ts';
import { challenge, tokenFor } from '#test/support/bearer-registry.ts';
import { password, registryErrorOf, startEngine, systemClock, TEST_NETWORK } from '#test/support/engine.ts';
import { type Handler, json, startFakeRegistry } from '#test/support/fake-registry.ts';

type Asked = { readonly repository: string | undefined; readonly stale: boolean };

/** A source that answers by `find` and notes what it was asked. */
function sourceOf(find: (asked: Asked, index: number) => FoundCredential): CredentialSource & { asked: Asked[] } {
  const asked: Asked[] = [];
  return {
    asked,
    find: ({ repository, stale = false }) => {
      asked.push({ repository, stale });
      return Promise.resolve().then(() => find({ repository, stale }, asked.length - 1));
    },
  };
}

const found = (credential: RegistryCredential | undefined, why = 'because'): FoundCredential =>
  credential === undefined ? { why } : { credential, why };
const basic = (username: string, secret: string) => `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}`;

/** Takes Basic of those who are let in. */
const basicHandler =
  (letIn: () => readonly string[]): Handler =>
  (request) =>
    letIn().includes(tokenFor(request) ?? '')
      ? json({ name: null, tags: ['v1'] })
      : { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } };

/** Gives each user a token of their own, and takes them all. */
const tokenHandler: Handler = (request) => {
  const authorization = tokenFor(request);
  if (request.path.startsWith('/token')) return json({ token: `token-of-${authorization?.slice(6) ?? 'nobody'}` });
  return authorization?.startsWith('Bearer token-of-') === true
    ? json({ name: null, tags: ['v1'] })
    : challenge('/token');
};

describe('a credential source', () => {
  it('is not asked while the registry lets anyone in', async () => {
    const source = sourceOf(() => found(password('alice', 'canary')));
    await using registry = await startFakeRegistry(() => json({ name: null, tags: [] }));
    await using engine = startEngine(registry.host, { connection: { credentialSource: source } });
    await engine.client.listTags({ repository: 'a' });
    await engine.client.listTags({ repository: 'b' });
    expect(source.asked).toEqual([]);
  });

  it('is asked once a repository, and its tokens are those of its credentials', async () => {
    const source = sourceOf(({ repository }) =>
      found(repository === 'bob/x' ? password('bob', 'canary-b') : password('alice', 'canary-a')),
    );
    await using registry = await startFakeRegistry(tokenHandler);
    await using engine = startEngine(registry.host, { connection: { credentialSource: source } });
    for (const repository of ['alice/x', 'bob/x', 'alice/x', 'bob/x', 'alice/y']) {
      await engine.client.listTags({ repository });
    }
    expect(source.asked).toEqual(['alice/x', 'bob/x', 'alice/y'].map((repository) => ({ repository, stale: false })));
    const bearers = registry.requests
      .filter(({ path }) => path.startsWith('/v2/bob'))
      .map((request) => tokenFor(request));
    expect(new Set(bearers)).toEqual(new Set([`Bearer token-of-${basic('bob', 'canary-b').slice(6)}`]));
    const others = registry.requests.filter(({ path }) => !path.includes('bob'));
    expect(others.map(({ text }) => text).join()).not.toContain(basic('bob', 'canary-b').slice(6));
  });

  it('is asked once by six requests at a time', async () => {
    const source = sourceOf(() => found(password('alice', 'canary')));
    await using registry = await startFakeRegistry(basicHandler(() => [basic('alice', 'canary')]));
    await using engine = startEngine(registry.host, { connection: { credentialSource: source } });
    await Promise.all(Array.from({ length: 6 }, () => engine.client.listTags({ repository: 'a' })));
    expect(source.asked).toEqual([{ repository: 'a', stale: false }]);
  });

  it('says why in the log of decisions, and nothing secret', async () => {
    const why = 'from docker config, key ghcr.io/acme';
    const source = sourceOf(() => found(password('alice', 'canary'), why));
    await using registry = await startFakeRegistry(basicHandler(() => [basic('alice', 'canary')]));
    await using engine = startEngine(registry.host, { connection: { credentialSource: source } });
    await engine.client.listTags({ repository: 'acme/web' });
    const watched = await engine.transport.log.watch(AbortSignal.timeout(10_000)).next();
    const texts = (watched.value ?? []).flatMap((entry) => (entry.kind === 'decision' ? [entry.text] : []));
    expect(texts).toContain(`credential for acme/web: ${why}`);
    expect(JSON.stringify([watched.value, engine.log])).not.toContain('canary');
  });

  it('that fails ends the request, and nobody asks anonymously instead (A16)', async () => {
    const failure = { helper: 'pass', reason: 'timeout', source: '/c.json', detail: 'no answer in 10 s' } as const;
    const source = sourceOf(() => {
      throw new CredentialHelperError(failure);
    });
    await using registry = await startFakeRegistry(tokenHandler);
    await using engine = startEngine(registry.host, { connection: { credentialSource: source } });
    await expect(engine.client.listTags({ repository: 'a' })).rejects.toBeInstanceOf(CredentialHelperError);
    await expect(engine.client.listTags({ repository: 'a' })).rejects.toBeInstanceOf(CredentialHelperError);
    expect(registry.lines.filter((line) => line.startsWith('GET /token'))).toEqual([]);
  });

  it('may find nobody, who is then asked for anonymously', async () => {
    const source = sourceOf(() => found(undefined, 'no entry matches'));
    await using registry = await startFakeRegistry(tokenHandler);
    await using engine = startEngine(registry.host, { connection: { credentialSource: source } });
    await engine.client.listTags({ repository: 'a' });
    expect(tokenFor(registry.requests.at(-1)!)).toBe('Bearer token-of-nobody');
  });

  it('may find a registry token, which is sent as it is', async () => {
    const source = sourceOf(() => found({ kind: 'bearer', secret: 'token-of-canary' }));
    await using registry = await startFakeRegistry(tokenHandler);
    await using engine = startEngine(registry.host, { connection: { credentialSource: source } });
    await engine.client.listTags({ repository: 'a' });
    await engine.client.listTags({ repository: 'b' });
    expect(registry.lines.filter((line) => line.startsWith('GET /token'))).toEqual([]);
    expect(registry.requests.slice(1).map(tokenFor)).toEqual(['Bearer token-of-canary', 'Bearer token-of-canary']);
  });
});

describe('a credential that is refused', () => {
  it('is looked for again, once, and replaced when there is another (Basic)', async () => {
    let good = basic('AWS', 'canary-1');
    const source = sourceOf(({ stale }) => found(password('AWS', stale ? 'canary-2' : 'canary-1')));
    await using registry = await startFakeRegistry(basicHandler(() => [good]));
    await using engine = startEngine(registry.host, { connection: { credentialSource: source } });
    await engine.client.listTags({ repository: 'a' });
    good = basic('AWS', 'canary-2');
    await expect(engine.client.listTags({ repository: 'a' })).resolves.toMatchObject({ names: ['v1'] });
    await engine.client.listTags({ repository: 'a' });
    expect(source.asked.map(({ stale }) => stale)).toEqual([false, true]);
  });

  it('is looked for again when the first one found is stale already', async () => {
    const source = sourceOf(({ stale }) => found(password('AWS', stale ? 'canary-2' : 'canary-1')));
    await using registry = await startFakeRegistry(basicHandler(() => [basic('AWS', 'canary-2')]));
    await using engine = startEngine(registry.host, { connection: { credentialSource: source } });
    await expect(engine.client.listTags({ repository: 'a' })).resolves.toMatchObject({ names: ['v1'] });
    expect(registry.requests).toHaveLength(3);
  });

  it('is looked for again when the token server refuses it', async () => {
    const source = sourceOf(({ stale }) => found(password('u', stale ? 'canary-2' : 'canary-1')));
    await using registry = await startFakeRegistry((request, index) => {
      if (request.path.startsWith('/token') && tokenFor(request) !== basic('u', 'canary-2')) return { status: 401 };
      return tokenHandler(request, index);
    });
    await using engine = startEngine(registry.host, { connection: { credentialSource: source } });
    await expect(engine.client.listTags({ repository: 'a' })).resolves.toMatchObject({ names: ['v1'] });
    expect(source.asked.map(({ stale }) => stale)).toEqual([false, true]);
  });

  it('is looked for again by one of many, and once in five seconds when there is no other', async () => {
    let now = Date.now();
    const clock = { ...systemClock, now: () => now };
    const source = sourceOf(() => found(password('u', 'canary-1')));
    await using registry = await startFakeRegistry(basicHandler(() => []));
    await using engine = startEngine(registry.host, { connection: { credentialSource: source }, clock });
    const list = () => registryErrorOf(engine.client.listTags({ repository: 'a' }));
    await Promise.all([list(), list(), list()]);
    const error = await list();
    expect(error.failure).toMatchObject({ kind: 'unauthorized', hadCredential: true });
    expect(source.asked.filter(({ stale }) => stale)).toHaveLength(1);
    now += 6000;
    await list();
    expect(source.asked.filter(({ stale }) => stale)).toHaveLength(2);
    expect(JSON.stringify([error.failure, error.message, engine.log])).not.toContain('canary');
  });

  it('is looked for again once for all repositories that it was found for', async () => {
    let good = basic('AWS', 'canary-1');
    let current = 'canary-1';
    const source = sourceOf(({ stale }) => {
      if (stale) current = 'canary-2';
      return found(password('AWS', current));
    });
    await using registry = await startFakeRegistry(basicHandler(() => [good]));
    await using engine = startEngine(registry.host, { connection: { credentialSource: source } });
    const listAll = () =>
      Promise.all(Array.from({ length: 20 }, (_, index) => engine.client.listTags({ repository: `r${index}` })));
    await listAll();
    good = basic('AWS', 'canary-2');
    const pages = await listAll();
    expect(pages.map((page) => page.names)).toEqual(pages.map(() => ['v1']));
    expect(source.asked.filter(({ stale }) => stale)).toHaveLength(1);
  });

  it('does not keep its helper from failing the request', async () => {
    const source = sourceOf(({ stale }) => {
      if (!stale) return found(password('u', 'canary-1'));
      throw new CredentialHelperError({ helper: 'ecr', reason: 'failed', source: '/c.json', detail: 'expired' });
    });
    await using registry = await startFakeRegistry(basicHandler(() => []));
    await using engine = startEngine(registry.host, { connection: { credentialSource: source } });
    await expect(engine.client.listTags({ repository: 'a' })).rejects.toBeInstanceOf(CredentialHelperError);
  });

  it('of a source goes to no token server that nobody trusts (A01)', async () => {
    await using thief = await startFakeRegistry(() => json({ token: 'good' }));
    const source = sourceOf(() => found(password('u', 'canary-1')));
    await using registry = await startFakeRegistry(() => challenge(`http://thief.public.test:${thief.port}/token`));
    await using engine = startEngine(`registry.public.test:${registry.port}`, {
      connection: { credentialSource: source },
      transport: TEST_NETWORK,
    });
    const error = await registryErrorOf(engine.client.listTags({ repository: 'a' }));
    expect(error.failure).toMatchObject({ kind: 'untrusted-host', canTrust: true });
    expect(thief.connections).toBe(0);
  });
});
