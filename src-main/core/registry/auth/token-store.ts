import { LRUCache } from 'lru-cache';
import { createSingleFlight } from '../../single-flight.ts';
import { isTemporary } from '../transport/temporary.ts';
import { isRegistryError } from '../transport/registry-error.ts';
import type { Caller } from './caller.ts';
import type { DestinationRules } from './destination.ts';
import type { Identity } from './identity.ts';
import type { BearerScheme } from './schemes.ts';
import { cleanScopes, inRequestOrder } from './scopes.ts';
import type { Refusals } from './refusals.ts';
import type { TokenDeps, TokenRequest } from './token.ts';
import type { Token } from './token-answer.ts';
import { createTokenExchange } from './token-exchange.ts';

/** Which token is wanted. */
export type TokenAsk = {
  readonly scheme: BearerScheme;
  readonly scopes: readonly string[];
  readonly identity: Identity;
  /** The `Authorization` just refused: a cached token equal to it is thrown away. */
  readonly stale: string | undefined;
  readonly caller: Caller;
};

export type TokenStore = {
  /** A token as `Authorization`, from memory while it is good. @throws {RegistryError} */
  get(ask: TokenAsk): Promise<string>;
  /** Every token in memory. */
  values(): readonly string[];
  /** Until when a token in memory is used, by its `Authorization`; milliseconds since the epoch. */
  expiresAtMs(authorization: string): number | undefined;
};

type TokenStoreDeps = TokenDeps &
  DestinationRules & { readonly endpoint: TokenRequest['endpoint']; readonly refusals: Refusals };

/** One for a repository at most: a person who walks through thousands must not keep them all. */
const MAX_TOKENS = 500;

/**
 * Tokens of one registry, kept by identity, realm, service and scopes: two credentials never share one. Equal requests
 * at the same time are one (SECURITY-CASES C02).
 */
export function createTokenStore(deps: TokenStoreDeps): TokenStore {
  const { refusals } = deps;
  const cache = new LRUCache<string, Token>({ max: MAX_TOKENS });
  const flights = createSingleFlight<Token>();
  const values = () => [...cache.values()].map((token) => token.value);
  const freshIn = (key: string, stale: string | undefined): Token | undefined => {
    const cached = cache.get(key);
    if (cached === undefined || cached.expiresAtMs <= deps.clock.now()) return undefined;
    return `Bearer ${cached.value}` === stale ? undefined : cached;
  };
  const fetch = createTokenExchange({ ...deps, values, freshIn, keep: (key, token) => void cache.set(key, token) });

  return {
    values,
    expiresAtMs: (authorization) =>
      [...cache.values()].find(({ value }) => `Bearer ${value}` === authorization)?.expiresAtMs,
    get: async ({ scheme, scopes, identity, stale, caller }) => {
      const wanted = [...scopes, ...scheme.words];
      const key = JSON.stringify([identity.id, scheme.realm.href, scheme.service ?? null, ...cleanScopes(wanted)]);
      const cached = freshIn(key, stale);
      if (cached !== undefined) return `Bearer ${cached.value}`;
      const use = { scopes, caller };
      refusals.check(identity, use);
      const { realm, service } = scheme;
      const request = { endpoint: deps.endpoint, realm, service, scopes: inRequestOrder(wanted) };
      const errand = { key, stale, identity, request };
      const run = () => flights.run(key, (signal) => fetch({ ...errand, caller: { signal, retrier } }), caller.signal);
      // Work in the background waits longer than those may who join it.
      const retrier = caller.retrier?.isInteractive === true ? caller.retrier : undefined;
      const isJoining = flights.isUnderWay(key);
      const token = await run().catch((error: unknown) => {
        if (isRegistryError(error, 'unauthorized')) refusals.note(identity, use, error);
        // Whoever went ahead may have had less left to spend than we have.
        if (isJoining && mayAskAgain(error)) return run();
        throw error;
      });
      refusals.forget(identity, use);
      cache.set(key, token);
      return `Bearer ${token.value}`;
    },
  };
}

/** A refresh token may be spent by a request that failed. */
function mayAskAgain(error: unknown): boolean {
  return isTemporary(error) && isRegistryError(error) && error.trace?.method === 'GET';
}
