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
import { RegistryError } from '#main/core/registry/transport/registry-error.ts';
import { registryErrorOf } from '#test/support/engine.ts';
import { json, routes, startFakeRegistry } from '#test/support/fake-registry.ts';
import { hasVectors, loadVectors } from '#test/support/vectors.ts';

describe('answering 401', () => {
  it('gives up after two tries, though every challenge is new (A12)', async () => {
    let count = 0;
    await using registry = await startFakeRegistry((request) => {
      count += 1;
      return request.path.startsWith('/token') ? json({ token: `t${count}` }) : challenge(`/token?round=${count}`);
    });
    await using engine = engineAt(registry.host);
    const error = await registryErrorOf(listTags(engine));
    expect(error.failure).toMatchObject({ kind: 'unauthorized', hadCredential: true });
    expect(registry.lines.filter((line) => line.startsWith(`GET ${TAGS}`))).toHaveLength(2);
  });

  it('refreshes a token that has been revoked, once', async () => {
    let valid = 'first';
    await using registry = await startFakeRegistry((request) => {
      if (request.path.startsWith('/token')) return json({ token: valid, expires_in: 3600 });
      return tokenFor(request) === `Bearer ${valid}` ? json({ tags: ['v1'] }) : challenge('/token');
    });
    await using engine = engineAt(registry.host);
    await listTags(engine);
    valid = 'second';
    await expect(listTags(engine)).resolves.toMatchObject({ names: ['v1'] });
    expect(registry.lines.filter((line) => line.startsWith('GET /token'))).toHaveLength(2);
  });

  it('asks for one token for 50 parallel requests (C02)', async () => {
    await using registry = await bearerRegistry(() => json({ token: 'good' }));
    await using engine = engineAt(registry.host);
    const pages = await Promise.all(Array.from({ length: 50 }, () => listTags(engine)));
    expect(pages.every((page) => page.names[0] === 'v1')).toBe(true);
    expect(registry.lines.filter((line) => line.startsWith('GET /token'))).toHaveLength(1);
  });

  it('goes on for the others when the one who asked for the token leaves', async () => {
    let open: (() => void) | undefined;
    await using registry = await bearerRegistry(() => ({
      raw: (_socket, response) => {
        open = () => response.end(JSON.stringify({ token: 'good' }));
      },
    }));
    await using engine = engineAt(registry.host);
    const leaver = new AbortController();
    const left = registryErrorOf(listTags(engine, leaver.signal));
    const stayed = listTags(engine);
    await expect.poll(() => open).toBeDefined();
    leaver.abort();
    expect((await left).kind).toBe('cancelled');
    open?.();
    await expect(stayed).resolves.toMatchObject({ names: ['v1'] });
  });

  it.each([
    ['an unterminated quote', 'Bearer realm="/token', 'protocol'],
    ['schemes we do not speak', 'Negotiate, Digest realm="x"', 'unsupported'],
    ['no realm', 'Bearer service="x"', 'protocol'],
  ])('says so for %s (A14)', async (_name, header, kind) => {
    await using registry = await startFakeRegistry(() => ({ status: 401, headers: { 'www-authenticate': header } }));
    await using engine = engineAt(registry.host);
    expect((await registryErrorOf(listTags(engine))).kind).toBe(kind);
    expect(registry.requests).toHaveLength(1);
  });

  it('survives 1,000 challenges (A14)', async () => {
    const lines = Array.from({ length: 1000 }, (_, index) => `X${index} a="b"`).join(', ');
    await using registry = await startFakeRegistry(() => ({
      status: 401,
      headers: { 'www-authenticate': lines.slice(0, 12_000) },
    }));
    await using engine = engineAt(registry.host);
    expect((await registryErrorOf(listTags(engine))).kind).toBe('unsupported');
  });

  it('sends a bearer credential as it is, and a 401 to it is final', async () => {
    await using registry = await bearerRegistry(() => json({ token: 'good' }));
    await using engine = engineAt(registry.host, { credential: { kind: 'bearer', secret: SECRET } });
    const error = await registryErrorOf(listTags(engine));
    expect(error.failure).toMatchObject({ kind: 'unauthorized', hadCredential: true });
    expect(registry.requests.map(tokenFor)).toEqual([`Bearer ${SECRET}`]);
    expectNoSecret(engine, error.failure, error.message);
  });

  it('hides our secrets in the words of a registry that echoes them (A09)', async () => {
    await using registry = await startFakeRegistry((request) => {
      if (request.path.startsWith('/token')) return json({ token: 'canary-token' });
      if (tokenFor(request) === undefined) return challenge('/token');
      return json({ errors: [{ code: 'DENIED', message: `${tokenFor(request)} of alice:${SECRET}` }] }, {}, 403);
    });
    await using engine = engineAt(registry.host);
    const error = await registryErrorOf(listTags(engine));
    expect(error.failure).toMatchObject({ kind: 'forbidden', codes: [{ code: 'DENIED' }] });
    expect(JSON.stringify([error.failure, error.message, engine.log])).not.toContain('canary');
  });

  it.each([
    [
      'an address it redirects to',
      (said: string) => ({ status: 307, headers: { location: `/x/${said}?last=${said}` } }),
    ],
    ['an encoding', (said: string) => ({ headers: { 'content-encoding': said } })],
    [
      'a challenge nobody knows',
      (said: string) => ({ status: 401, headers: { 'www-authenticate': `Odd p="${said}"` } }),
    ],
    ['a challenge nobody can read', (said: string) => ({ status: 401, headers: { 'www-authenticate': `="${said}"` } })],
    ['a warning', (said: string) => ({ ...json({ schemaVersion: 2 }, { warning: `299 - "for ${said}"` }) })],
  ] as const)('hides our secrets in %s (A09)', async (_name, reply) => {
    await using registry = await startFakeRegistry((request) => {
      if (request.path.startsWith('/x/')) return { status: 404 };
      if (tokenFor(request) === undefined) return { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } };
      return request.path.startsWith(TAGS) ? json({ tags: [] }) : reply(SECRET);
    });
    await using engine = engineAt(registry.host);
    await listTags(engine);
    const manifest = engine.client.getManifest({ repository: 'acme/web', reference: 'v1' });
    const [outcome] = await Promise.allSettled([manifest]);
    expect(tokenFor(registry.requests.at(-1)!)).toBe(`Basic ${ENCODED}`);
    const shown = outcome.status === 'fulfilled' ? outcome.value : outcome.reason;
    expectNoSecret(engine, shown, shown instanceof RegistryError && [shown.message, shown.failure, shown.trace]);
  });

  it('takes Basic from a comma-joined line when Bearer comes second', async () => {
    await using registry = await startFakeRegistry((request) =>
      tokenFor(request) === undefined
        ? { status: 401, headers: { 'www-authenticate': 'Basic realm="r", Bearer realm="/token"' } }
        : json({ tags: [] }),
    );
    await using engine = engineAt(registry.host);
    await listTags(engine);
    expect(tokenFor(registry.requests[1]!)).toBe(`Basic ${ENCODED}`);
  });

  it('asks the ping when a 401 says nothing, as gcr.io does', async () => {
    await using registry = await startFakeRegistry((request) => {
      if (tokenFor(request) !== undefined) return json({ tags: ['v1'] });
      return request.path === '/v2/'
        ? { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } }
        : { status: 401 };
    });
    await using engine = engineAt(registry.host);
    await expect(listTags(engine)).resolves.toMatchObject({ names: ['v1'] });
  });

  it('leaves routes without a challenge alone', async () => {
    await using registry = await startFakeRegistry(routes({ [TAGS]: { status: 401 } }));
    await using engine = engineAt(registry.host);
    expect((await registryErrorOf(listTags(engine))).kind).toBe('unauthorized');
  });
});

type FirstAnswer = {
  readonly id: string;
  readonly kind: string;
  readonly status?: number;
  readonly headers: readonly string[];
  readonly expect: { readonly error?: boolean };
};

const firstAnswers = loadVectors<FirstAnswer>(
  'challenges',
  ({ kind, status }) => kind === 'select' && status !== undefined && status !== 401,
);

describe.skipIf(!hasVectors)('a first answer that is no 401, on the shared vectors', () => {
  it.each(firstAnswers)('$id', async ({ status, headers, expect: { error } }) => {
    await using registry = await startFakeRegistry(() => ({
      status: status ?? 401,
      headers: { 'www-authenticate': headers },
    }));
    await using engine = engineAt(registry.host);
    const outcome = await Promise.allSettled([engine.client.ping()]);
    expect(outcome[0].status).toBe(error === true ? 'rejected' : 'fulfilled');
    expect(registry.requests.map(tokenFor)).toEqual([undefined]);
  });
});
