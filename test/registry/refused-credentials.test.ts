import { describe, expect, it } from 'vitest';
import type { Priority, RegistryCredential } from '#main/core/registry/registry-client.ts';
import { type Engine, type EngineOptions, password, registryErrorOf, startEngine } from '#test/support/engine.ts';
import {
  type Handler,
  json,
  type RecordedRequest,
  type Reply,
  startFakeRegistry,
} from '#test/support/fake-registry.ts';
import { createTestClock, type TestClock } from '#test/support/test-clock.ts';

const BASIC: Reply = { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } };
const BEARER: Reply = { status: 401, headers: { 'www-authenticate': 'Bearer realm="/token",service="s"' } };
const alice = password('alice', 'canary');

type Met = {
  readonly engine: Engine;
  readonly clock: TestClock;
  /** How often a secret was sent: to the registry, or to its token server. */
  readonly sent: () => number;
  /** Makes the registry take the credential. */
  readonly relent: () => void;
};

/** A client whose credential a registry refuses, by Basic or at its token server. */
async function meet(challenge: Reply, options: EngineOptions, run: (met: Met) => Promise<void>): Promise<void> {
  const clock = createTestClock();
  let isTaken = false;
  const isSecret = ({ headers, body }: RecordedRequest) =>
    body.includes('canary') || /^(?:Basic|Bearer canary)/.test(headers['authorization'] ?? '');
  const handler: Handler = (request) => {
    if (request.path.startsWith('/token')) return isTaken ? json({ token: 'good' }) : json({ details: 'no' }, {}, 401);
    const { authorization = '' } = request.headers;
    const isIn = isTaken && (authorization.startsWith('Basic') || /^Bearer (?:good|canary)/.test(authorization));
    return isIn ? json({ tags: ['v1'] }) : challenge;
  };
  await using registry = await startFakeRegistry(handler);
  await using engine = startEngine(registry.host, { credential: alice, ...options, clock });
  await run({
    engine,
    clock,
    sent: () => registry.requests.filter(isSecret).length,
    relent: () => {
      isTaken = true;
    },
  });
}

const list = ({ client }: Engine, repository: string, priority: Priority = 'visible') =>
  client.listTags({ repository, priority });
const rows = (engine: Engine, count: number) =>
  Promise.all(Array.from({ length: count }, (_, index) => registryErrorOf(list(engine, `acme/r${index}`))));

const WAYS: readonly (readonly [name: string, challenge: Reply, credential: RegistryCredential])[] = [
  ['a password by Basic', BASIC, alice],
  ['a password at a token server', BEARER, alice],
  ['an identity token', BEARER, { kind: 'identity', secret: 'canary' }],
  ['a registry token', BEARER, { kind: 'bearer', secret: 'canary' }],
];

describe.each(WAYS)('%s that is refused', (_name, challenge, credential) => {
  it('is sent once for fifty rows, and each of them is told', async () => {
    await meet(challenge, { credential }, async ({ engine, sent }) => {
      const errors = await rows(engine, 50);
      expect(new Set(errors.map(({ kind }) => kind))).toEqual(new Set(['unauthorized']));
      expect(errors.map(({ failure }) => failure)).toEqual(errors.map(() => errors[0]?.failure));
      expect(sent()).toBe(1);
    });
  });

  it('is sent again when a person asks again or begins a transfer, and by the rows once it is taken', async () => {
    await meet(challenge, { credential }, async ({ engine, clock, sent, relent }) => {
      await rows(engine, 5);
      await clock.advance(500);
      expect((await registryErrorOf(list(engine, 'acme/r0', 'open'))).kind).toBe('unauthorized');
      expect(sent()).toBe(2);
      await rows(engine, 5);
      expect(sent()).toBe(2);
      await clock.advance(500);
      expect((await registryErrorOf(list(engine, 'acme/r0', 'transfer'))).kind).toBe('unauthorized');
      expect(sent()).toBe(3);
      await clock.advance(500);
      relent();
      await list(engine, 'acme/r0', 'open');
      expect((await list(engine, 'acme/r1')).names).toEqual(['v1']);
    });
  });

  it('is tried again after a minute', async () => {
    await meet(challenge, { credential }, async ({ engine, clock, sent, relent }) => {
      await rows(engine, 3);
      await clock.advance(59_000);
      await rows(engine, 3);
      expect(sent()).toBe(1);
      await clock.advance(1000);
      relent();
      expect((await list(engine, 'acme/r0')).names).toEqual(['v1']);
    });
  });
});

describe('a credential that was taken before', () => {
  it('is refused for one repository, and goes on being sent for the others', async () => {
    let sent = 0;
    await using registry = await startFakeRegistry(({ path, headers }) => {
      if (headers['authorization'] === undefined) return BASIC;
      if (!path.includes('/secret/')) return json({ tags: ['v1'] });
      sent += 1;
      return BASIC;
    });
    await using engine = startEngine(registry.host, { credential: alice, clock: createTestClock() });
    await list(engine, 'acme/web');
    for (let row = 0; row < 3; row += 1) await registryErrorOf(list(engine, 'acme/secret'));
    expect(sent).toBe(1);
    expect((await list(engine, 'acme/api')).names).toEqual(['v1']);
  });
});

describe('a registry that refuses its catalog alone, with 401', () => {
  it('is not taken to have refused the credential', async () => {
    await using registry = await startFakeRegistry(({ path, headers }) => {
      if (headers['authorization'] === undefined || path.includes('_catalog')) return BASIC;
      return json({ tags: ['v1'] });
    });
    await using engine = startEngine(registry.host, { credential: alice, clock: createTestClock() });
    const [error, page] = await Promise.all([
      registryErrorOf(engine.client.listRepositories({ priority: 'visible' })),
      list(engine, 'acme/web'),
    ]);
    expect(error.failure).toMatchObject({ kind: 'unsupported', feature: 'catalog' });
    expect(page.names).toEqual(['v1']);
  });
});

describe('a credential that has changed since it was refused', () => {
  it('is sent at once', async () => {
    const wrong: RegistryCredential = { kind: 'identity', secret: 'canary', reread: () => Promise.resolve(stored) };
    let stored = 'canary';
    const tried: string[] = [];
    await using registry = await startFakeRegistry(({ path, headers, body }) => {
      if (!path.startsWith('/token'))
        return headers['authorization'] === 'Bearer good' ? json({ tags: ['v1'] }) : BEARER;
      const secret = new URLSearchParams(body).get('refresh_token') ?? '';
      tried.push(secret);
      return secret === 'new' ? json({ access_token: 'good' }) : json({ error: 'invalid_grant' }, {}, 400);
    });
    const clock = createTestClock();
    await using engine = startEngine(registry.host, { credential: wrong, clock });
    await rows(engine, 3);
    expect(tried).toEqual(['canary']);
    stored = 'new';
    await clock.advance(500);
    // Whoever asks anew finds the new one; the rows after that need not.
    await list(engine, 'acme/a', 'open');
    await list(engine, 'acme/b');
    expect(tried).toEqual(['canary', 'canary', 'new', 'new']);
  });
});
