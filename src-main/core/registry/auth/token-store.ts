import { LRUCache } from 'lru-cache';
import { createSingleFlight } from '../../single-flight.ts';
import { isRegistryError } from '../transport/registry-error.ts';
import { checkDestination, type DestinationRules } from './destination.ts';
import { cleanScopes, inRequestOrder } from './scopes.ts';
import { basicOf, type Identity } from './identity.ts';
import type { BearerScheme } from './schemes.ts';
import type { Token } from './token-answer.ts';
import { fetchToken, refreshToken, type TokenDeps, type TokenRequest } from './token.ts';

/** Which token is wanted. */
export type TokenAsk = {
  readonly scheme: BearerScheme;
  readonly scopes: readonly string[];
  readonly identity: Identity;
  /** The `Authorization` just refused: a cached token equal to it is thrown away. */
  readonly stale: string | undefined;
  readonly signal: AbortSignal | undefined;
};

export type TokenStore = {
  /** A token as `Authorization`, from memory while it is good. @throws {RegistryError} */
  get(ask: TokenAsk): Promise<string>;
  /** Every token in memory. */
  values(): readonly string[];
  /** Until when a token in memory is used, by its `Authorization`; milliseconds since the epoch. */
  expiresAtMs(authorization: string): number | undefined;
};

export type TokenStoreDeps = TokenDeps & DestinationRules & { readonly endpoint: TokenRequest['endpoint'] };

/** One for a repository at most: a person who walks through thousands must not keep them all. */
const MAX_TOKENS = 500;

/**
 * Tokens of one registry, kept by identity, realm, service and scopes: two credentials never share one. Equal requests
 * at the same time are one (SECURITY-CASES C02).
 */
export function createTokenStore(deps: TokenStoreDeps): TokenStore {
  const cache = new LRUCache<string, Token>({ max: MAX_TOKENS });
  const flights = createSingleFlight<Token>();
  const knowGetAlone = new Set<string>();

  const fetch = (request: TokenRequest, identity: Identity, signal: AbortSignal): Promise<Token> => {
    if (identity.credential !== undefined) checkDestination(request.realm, deps);
    if (identity.credential?.kind !== 'identity' || knowGetAlone.has(request.realm.href)) {
      return fetchToken(request, basicOf(identity.credential), deps, signal);
    }
    return refresh(request, identity, signal);
  };

  const refresh = async (request: TokenRequest, identity: Identity, signal: AbortSignal): Promise<Token> => {
    const secret = identity.credential?.secret ?? '';
    let token: Token | undefined;
    try {
      token = await refreshToken(request, secret, deps, signal);
    } catch (error) {
      // A refresh token may be good for one use: another request has had it, and has its successor.
      if (!isRegistryError(error, 'unauthorized') || identity.credential?.secret === secret) throw error;
      token = await refreshToken(request, identity.credential?.secret ?? '', deps, signal);
    }
    if (token === undefined) {
      knowGetAlone.add(request.realm.href);
      return await fetchToken(request, basicOf(identity.credential), deps, signal);
    }
    if (token.refreshToken !== undefined) identity.renew(token.refreshToken);
    return token;
  };

  const values = () => [...cache.values()].map((token) => token.value);

  return {
    values,
    expiresAtMs: (authorization) =>
      [...cache.values()].find(({ value }) => `Bearer ${value}` === authorization)?.expiresAtMs,
    get: async ({ scheme, scopes, identity, stale, signal }) => {
      const wanted = [...scopes, ...scheme.words];
      const key = JSON.stringify([identity.id, scheme.realm.href, scheme.service ?? null, ...cleanScopes(wanted)]);
      const cached = cache.get(key);
      if (cached !== undefined && cached.expiresAtMs > deps.clock.now() && `Bearer ${cached.value}` !== stale) {
        return `Bearer ${cached.value}`;
      }
      const { realm, service } = scheme;
      const secrets = [...identity.secrets(), ...values()];
      const request = { endpoint: deps.endpoint, realm, service, scopes: inRequestOrder(wanted), secrets };
      const token = await flights.run(key, (flightSignal) => fetch(request, identity, flightSignal), signal);
      cache.set(key, token);
      return `Bearer ${token.value}`;
    },
  };
}
