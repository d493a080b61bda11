import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { RegistryCredential } from '#main/core/registry/registry-client.ts';
import { bearerRegistry, challenge, engineAt, listTags, tokenFor } from '#test/support/bearer-registry.ts';
import { type Engine, registryErrorOf } from '#test/support/engine.ts';
import { json, type RecordedRequest, type Reply, startFakeRegistry } from '#test/support/fake-registry.ts';

const SECRET = 'canary-identity-1';
const form = (request: RecordedRequest): Readonly<Record<string, string>> =>
  Object.fromEntries(new URLSearchParams(request.body));

/** An identity token, and what it is told of its successors. */
function identity(secret = SECRET): { readonly credential: RegistryCredential; readonly renewed: string[] } {
  const renewed: string[] = [];
  return { renewed, credential: { kind: 'identity', secret, onRenewed: (next) => void renewed.push(next) } };
}

/** A registry with the token server `token` behind `/token`, and an engine with an identity token. */
async function meet(
  token: (request: RecordedRequest, index: number) => Reply,
  run: (met: {
    readonly engine: Engine;
    readonly renewed: readonly string[];
    readonly calls: () => readonly RecordedRequest[];
    readonly received: () => string;
  }) => Promise<void>,
): Promise<void> {
  const { credential, renewed } = identity();
  let calls = 0;
  await using registry = await startFakeRegistry((request) => {
    if (request.path.startsWith('/token')) return token(request, calls++);
    return tokenFor(request)?.startsWith('Bearer good') === true
      ? json({ name: null, tags: ['v1'] })
      : challenge('/token?own=1&scope=evil');
  });
  await using engine = engineAt(registry.host, { credential });
  await run({
    engine,
    renewed,
    calls: () => registry.requests.filter(({ path }) => path.startsWith('/token')),
    received: () => registry.received,
  });
}

/** Nothing that is shown or logged may hold a token of any kind. */
function expectNoCanary(engine: Engine, ...shown: readonly unknown[]): void {
  expect(JSON.stringify([engine.log, shown])).not.toContain('canary');
}

describe('an identity token', () => {
  it('is traded by POST, with the scopes in one field and nothing of it in the address', async () => {
    await meet(
      () => json({ access_token: 'good' }),
      async ({ engine, calls }) => {
        await expect(listTags(engine)).resolves.toMatchObject({ names: ['v1'] });
        const [call] = calls();
        expect(call).toMatchObject({ method: 'POST', path: '/token?own=1' });
        expect(call?.headers).toMatchObject({ 'content-type': 'application/x-www-form-urlencoded' });
        expect(call?.headers['authorization']).toBeUndefined();
        expect(form(call!)).toEqual({
          grant_type: 'refresh_token',
          client_id: 'gantry',
          refresh_token: SECRET,
          service: 's',
          scope: 'repository:acme/web:pull',
        });
        expectNoCanary(engine);
      },
    );
  });

  it('gives way to the refresh token that comes back, which is kept', async () => {
    await meet(
      (_request, index) => json({ access_token: `good-${index}`, refresh_token: `canary-identity-${index + 2}` }),
      async ({ engine, renewed, calls }) => {
        await listTags(engine);
        await engine.client.listTags({ repository: 'other' });
        expect(calls().map((call) => form(call)['refresh_token'])).toEqual([SECRET, 'canary-identity-2']);
        expect(renewed).toEqual(['canary-identity-2', 'canary-identity-3']);
        expectNoCanary(engine);
      },
    );
  });

  it.each([
    ['the same', SECRET],
    ['no text', 42],
    ['one with a line break', 'a\r\nb'],
  ])('stays when %s comes back', async (_name, refreshToken) => {
    await meet(
      () => json({ access_token: 'good', refresh_token: refreshToken }),
      async ({ engine, renewed }) => {
        await listTags(engine);
        expect(renewed).toEqual([]);
      },
    );
  });

  it('is tried once more with its successor when another request has used it up', async () => {
    const used = new Set<string>();
    await meet(
      (request) => {
        const { refresh_token: secret = '' } = form(request);
        if (used.has(secret)) return json({ error: 'invalid_grant' }, {}, 400);
        used.add(secret);
        return json({ access_token: 'good', refresh_token: `canary-identity-${used.size + 1}` });
      },
      async ({ engine }) => {
        await listTags(engine);
        const [a, b] = ['a', 'b'].map((repository) => engine.client.listTags({ repository }));
        await expect(a).resolves.toMatchObject({ names: ['v1'] });
        await expect(b).resolves.toMatchObject({ names: ['v1'] });
      },
    );
  });

  it.each([404, 405, 501])('is sent by GET as <token> after %i to POST, and from then on at once', async (status) => {
    await meet(
      ({ method }) => (method === 'POST' ? { status } : json({ token: 'good' })),
      async ({ engine, calls }) => {
        await listTags(engine);
        await engine.client.listTags({ repository: 'other' });
        expect(calls().map(({ method }) => method)).toEqual(['POST', 'GET', 'GET']);
        expect(tokenFor(calls()[1]!)).toBe(`Basic ${Buffer.from(`<token>:${SECRET}`).toString('base64')}`);
        expectNoCanary(engine);
      },
    );
  });

  it.each([400, 401, 403, 410, 415, 500, 502])('is not tried by GET after %i', async (status) => {
    await meet(
      () => json({ error: 'temporarily_unavailable' }, {}, status),
      async ({ engine, calls }) => {
        await registryErrorOf(listTags(engine));
        expect(new Set(calls().map(({ method }) => method))).toEqual(new Set(['POST']));
      },
    );
  });

  it.each([
    [400, { error: 'invalid_grant', error_description: `no such token ${SECRET}` }],
    [401, { errors: [{ code: 'invalid_grant', message: `no such token ${SECRET}` }] }],
  ])('that is wrong is so called, by the token server and with its words but for ours (%i)', async (status, body) => {
    await meet(
      () => json(body, {}, status),
      async ({ engine }) => {
        const error = await registryErrorOf(listTags(engine));
        expect(error.failure).toMatchObject({
          kind: 'unauthorized',
          hadCredential: true,
          codes: [{ code: 'invalid_grant', message: 'no such token REDACTED' }],
        });
        expect(error.trace).toMatchObject({ method: 'POST', hop: 'token', status });
        expectNoCanary(engine, error.failure, error.message, error.trace);
      },
    );
  });

  it('keeps the codes of a token server that fails for another reason', async () => {
    await meet(
      () => json({ error: 'invalid_scope', error_description: 'never heard of it' }, {}, 400),
      async ({ engine }) => {
        const error = await registryErrorOf(listTags(engine));
        expect(error.failure).toMatchObject({ kind: 'registry', status: 400, codes: [{ code: 'invalid_scope' }] });
        expect(error.trace?.hop).toBe('token');
      },
    );
  });

  it('does not reach a realm on another host (A01)', async () => {
    await using thief = await startFakeRegistry(() => json({ access_token: 'good' }));
    await using registry = await bearerRegistry(() => json({}), {
      realm: `http://thief.public.test:${thief.port}/token`,
    });
    await using engine = engineAt(`registry.public.test:${registry.port}`, { credential: identity().credential });
    const error = await registryErrorOf(listTags(engine));
    expect(error.failure).toMatchObject({ kind: 'untrusted-host', host: `thief.public.test:${thief.port}` });
    expect(thief.connections).toBe(0);
    expect(registry.received).not.toContain(SECRET);
    expectNoCanary(engine, error.failure, error.message);
  });

  it.each([302, 307, 308])('is not carried on by a redirect of the token server (A07, %i)', async (status) => {
    await using elsewhere = await startFakeRegistry(() => json({ access_token: 'good' }));
    await meet(
      () => ({ status, headers: { location: `http://${elsewhere.host}/token` } }),
      async ({ engine }) => {
        const error = await registryErrorOf(listTags(engine));
        expect(error.failure).toMatchObject({ kind: 'protocol' });
        expect(elsewhere.connections).toBe(0);
        expectNoCanary(engine, error.failure, error.message);
      },
    );
  });

  it('cannot answer a registry that takes Basic alone, and is not sent', async () => {
    await using registry = await startFakeRegistry(() => ({
      status: 401,
      headers: { 'www-authenticate': 'Basic realm="r"' },
    }));
    await using engine = engineAt(registry.host, { credential: identity().credential });
    const error = await registryErrorOf(listTags(engine));
    expect(error.failure).toMatchObject({ kind: 'unsupported', feature: 'auth-scheme' });
    expect(registry.received).not.toContain('authorization');
  });
});

/** A token server that takes every refresh token once, and asks for the first as `canary-identity-1`. */
function rotating(reply: (answer: Reply, index: number) => Reply = (answer) => answer) {
  let current = SECRET;
  let index = 0;
  return (request: RecordedRequest): Reply => {
    index += 1;
    if (form(request)['refresh_token'] !== current) return reply(json({ error: 'invalid_grant' }, {}, 400), index);
    current = `canary-identity-${index + 1}`;
    return reply(json({ access_token: `good-${index}`, refresh_token: current }), index);
  };
}

/** The answer, as soon as `ready` is. */
const after = (ready: Promise<unknown>, answer: Reply): Reply => ({
  raw: (_socket, response) => {
    const send = async (): Promise<void> => {
      await ready;
      if ('raw' in answer) return;
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' });
      response.end(answer.body);
    };
    void send();
  },
});

describe('an identity token that is good for one use', () => {
  it('is spent by one request at a time, whatever scopes they want', async () => {
    await meet(
      rotating((answer, index) => after(delay(index === 2 ? 60 : 5), answer)),
      async ({ engine, calls }) => {
        await listTags(engine);
        const pages = ['a', 'b', 'c', 'd'].map((repository) => engine.client.listTags({ repository }));
        await Promise.all(pages);
        expect(calls().map((call) => form(call)['refresh_token'])).toEqual(
          [1, 2, 3, 4, 5].map((number) => `canary-identity-${number}`),
        );
      },
    );
  });

  it('is not lost when nobody waits for the answer any more', async () => {
    const ready = Promise.withResolvers<void>();
    await meet(
      rotating((answer) => after(ready.promise, answer)),
      async ({ engine, calls, renewed }) => {
        const controller = new AbortController();
        const aborted = listTags(engine, controller.signal);
        await expect.poll(() => calls().length).toBe(1);
        controller.abort();
        expect((await registryErrorOf(aborted)).kind).toBe('cancelled');
        const next = listTags(engine);
        ready.resolve();
        await expect(next).resolves.toMatchObject({ names: ['v1'] });
        await engine.client.listTags({ repository: 'other' });
        expect(calls().map((call) => form(call)['refresh_token'])).toEqual([SECRET, 'canary-identity-2']);
        expect(renewed).toEqual(['canary-identity-2', 'canary-identity-3']);
      },
    );
  });

  it('is looked up again, once, when it is refused', async () => {
    const renewed: string[] = [];
    const server = rotating();
    await using registry = await startFakeRegistry((request) => {
      if (request.path.startsWith('/token')) return server(request);
      return tokenFor(request)?.startsWith('Bearer good') === true ? json({ tags: ['v1'] }) : challenge('/token');
    });
    let stored = 'canary-old';
    const credential = { kind: 'identity', secret: 'canary-old', reread: () => Promise.resolve(stored) } as const;
    await using engine = engineAt(registry.host, {
      credential: { ...credential, onRenewed: (next) => void renewed.push(next) },
    });
    expect((await registryErrorOf(listTags(engine))).kind).toBe('unauthorized');
    expect(registry.lines.filter((line) => line.startsWith('POST'))).toHaveLength(1);
    stored = SECRET;
    await using another = engineAt(registry.host, { credential });
    await expect(listTags(another)).resolves.toMatchObject({ names: ['v1'] });
    expect(registry.lines.filter((line) => line.startsWith('POST'))).toHaveLength(3);
    expectNoCanary(another);
  });
});
