import { describe, expect, it } from 'vitest';
import type { RegistryCredential } from '#main/core/registry/registry-client.ts';
import { RegistryError } from '#main/core/registry/transport/registry-error.ts';
import { challenge, engineAt, listTags, tokenFor } from '#test/support/bearer-registry.ts';
import { type Engine, password } from '#test/support/engine.ts';
import {
  type Handler,
  json,
  type RecordedRequest,
  type Reply,
  startFakeRegistry,
} from '#test/support/fake-registry.ts';

const KINDS: readonly (readonly [name: string, credential: RegistryCredential])[] = [
  ['a password', password('alice', 'canary-password')],
  ['a registry token', { kind: 'bearer', secret: 'canary-registry-token' }],
  ['an identity token', { kind: 'identity', secret: 'canary-identity-token' }],
];

/** All that is secret in these tests, as it is sent: under its own name, and as Basic and forms carry it. */
const SECRETS = [
  'canary',
  ...['alice:canary-password', '<token>:canary-identity-token', '<token>:canary-renewed'].map((pair) =>
    Buffer.from(pair).toString('base64'),
  ),
];

/** What a server says that repeats all it was told, wherever it may speak. */
function echo(request: RecordedRequest, status: number): Reply {
  const said = `${tokenFor(request) ?? ''} ${new URLSearchParams(request.body).get('refresh_token') ?? ''}`;
  const bare = said.replace(/^\w+ /, '').trim();
  return {
    status,
    headers: {
      'content-type': 'application/json',
      'www-authenticate': `Bearer realm="/token?x=${bare}",service="s",error="${bare}"`,
      'x-said': said,
      warning: `299 - "${said}"`,
    },
    body: JSON.stringify({ errors: [{ code: bare.slice(0, 60), message: said, detail: { said } }], error: bare }),
  };
}

/** Tokens for everybody; and a new refresh token for who has one. */
const token = (request: RecordedRequest): Reply =>
  request.method === 'POST'
    ? json({ access_token: 'canary-access', refresh_token: 'canary-renewed' })
    : json({ token: 'canary-access' });

const FLOWS: readonly (readonly [name: string, handler: Handler])[] = [
  [
    'the token server refuses',
    (request) => (request.path.startsWith('/token') ? echo(request, 401) : challenge('/token')),
  ],
  [
    'the token server fails',
    (request) => (request.path.startsWith('/token') ? echo(request, 400) : challenge('/token')),
  ],
  [
    'the token server knows GET alone and refuses',
    (request) => {
      if (!request.path.startsWith('/token')) return challenge('/token');
      return request.method === 'POST' ? { status: 404 } : echo(request, 403);
    },
  ],
  ...([400, 401, 403, 404] as const).map(
    (status) =>
      [
        `the registry answers ${status}`,
        (request: RecordedRequest) => {
          if (request.path.startsWith('/token')) return token(request);
          return tokenFor(request) === undefined ? challenge('/token') : echo(request, status);
        },
      ] as const,
  ),
  [
    'the registry wants Basic and refuses it',
    (request) =>
      tokenFor(request) === undefined
        ? { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } }
        : echo(request, 401),
  ],
  [
    'the registry redirects to what it was told',
    (request) => {
      if (request.path.startsWith('/token')) return token(request);
      if (request.path.startsWith('/said')) return { status: 404 };
      if (tokenFor(request) === undefined) return challenge('/token');
      const said = encodeURIComponent(tokenFor(request)?.replace(/^\w+ /, '') ?? '');
      return { status: 307, headers: { location: `/said/${said}?a=${said}` } };
    },
  ],
];

/** All that a person or a log may see of it. */
async function shown(engine: Engine): Promise<string> {
  const [first, second] = await Promise.allSettled([listTags(engine), listTags(engine)]);
  const errors = [first, second].flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
  );
  const parts = errors.map((error) =>
    error instanceof RegistryError ? [error.message, error.failure, error.trace, error.stack] : [error],
  );
  expect(errors).toHaveLength(2);
  const entries: unknown[] = [];
  for await (const batch of engine.transport.log.watch(AbortSignal.timeout(200))) entries.push(...batch);
  expect(entries.length).toBeGreaterThan(0);
  return JSON.stringify([parts, engine.log, entries]);
}

describe('a token that begins with the password it was given for', () => {
  it('is hidden to its end in the words of a token server that repeats it (A09)', async () => {
    const given = 'canary-password-and-its-tail';
    let isRevoked = false;
    const tokenServer: Handler = () => {
      if (!isRevoked) return json({ token: given });
      const body = JSON.stringify({ errors: [{ code: 'DENIED', message: `${given} is used up` }] });
      return { status: 400, headers: { 'content-type': 'application/json' }, body };
    };
    await using registry = await startFakeRegistry((request, index) => {
      if (request.path.startsWith('/token')) return tokenServer(request, index);
      const isTaken = tokenFor(request) === `Bearer ${given}` && !isRevoked;
      return isTaken ? json({ name: 'acme/web', tags: ['v1'] }) : challenge('/token');
    });
    await using engine = engineAt(registry.host, { credential: password('alice', 'canary-password') });
    await listTags(engine);
    isRevoked = true;
    const text = await shown(engine);
    expect(text).toContain('is used up');
    expect(text).not.toMatch(/canary|and-its-tail/);
  });
});

describe.each(KINDS)('%s, and what comes of it,', (_kind, credential) => {
  it.each(FLOWS)('is in no error, trace or log when %s (A09, V18)', async (_flow, handler) => {
    await using registry = await startFakeRegistry(handler);
    await using engine = engineAt(registry.host, { credential });
    const text = await shown(engine);
    for (const secret of SECRETS) expect(text).not.toContain(secret);
  });
});
