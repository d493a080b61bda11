import { expect } from 'vitest';
import type { NamePage } from '#main/core/registry/registry-client.ts';
import { type Engine, type EngineOptions, password, startEngine, TEST_NETWORK } from './engine.ts';
import { type FakeRegistry, json, type RecordedRequest, type Reply, startFakeRegistry } from './fake-registry.ts';

/** A secret that may turn up nowhere but in `Authorization`. */
export const SECRET = 'canary-s3cret-value';
export const ENCODED: string = Buffer.from(`alice:${SECRET}`).toString('base64');
export const TAGS = '/v2/acme/web/tags/list';

/** A 401 that asks for a token from `realm`. */
export const challenge = (realm: string, more = ''): Reply => ({
  status: 401,
  headers: { 'www-authenticate': `Bearer realm="${realm}",service="s"${more}` },
});

export const tokenFor = (request: RecordedRequest): string | undefined => request.headers['authorization'];

/** A registry that wants the bearer token `good`; `token` answers its `/token`. */
export function bearerRegistry(
  token: () => Reply,
  options: { readonly realm?: string; readonly more?: string } = {},
): Promise<FakeRegistry> {
  return startFakeRegistry((request) => {
    if (request.path.startsWith('/token')) return token();
    if (tokenFor(request) === 'Bearer good') return json({ name: 'acme/web', tags: ['v1'] });
    return challenge(options.realm ?? '/token', options.more);
  });
}

/** A client of alice, on the test network. */
export const engineAt = (host: string, options: EngineOptions = {}): Engine =>
  startEngine(host, {
    credential: password('alice', SECRET),
    ...options,
    transport: { ...TEST_NETWORK, ...options.transport },
  });

export const listTags = (engine: Engine, signal?: AbortSignal): Promise<NamePage> =>
  engine.client.listTags({ repository: 'acme/web', ...(signal === undefined ? {} : { signal }) });

/** Nothing that leaves the engine towards a person or a log may hold the secret. */
export function expectNoSecret(engine: Engine, ...shown: readonly unknown[]): void {
  const text = JSON.stringify([engine.log, shown]);
  expect(text).not.toContain(SECRET);
  expect(text).not.toContain(ENCODED);
}
