import { LRUCache } from 'lru-cache';
import type { Clock } from '../../ports.ts';
import type { RegistryConnection, RegistryCredential } from '../registry-client.ts';
import { createSingleFlight } from '../../single-flight.ts';
import { discard } from '../transport/body.ts';
import { formatChallenge, parseChallenges } from '../transport/challenge.ts';
import { headerLines } from '../transport/headers.ts';
import type { Endpoint, HttpResponse, Transport } from '../transport/http.ts';
import { scrubSecrets } from '../transport/redact.ts';
import { RegistryError } from '../transport/registry-error.ts';
import { basicAuthorization, secretSpellings } from './basic.ts';
import { createFirstContact, type FirstContact } from './first-contact.ts';
import { checkRealm } from './realm.ts';
import { scopesToRequest } from './scopes.ts';
import { isTrustedTokenHost } from './token-hosts.ts';
import { fetchToken, type Token, type TokenRequest } from './token.ts';

/** What a registry was found to want; remembered so that later requests need no 401 first. */
type Scheme =
  | { readonly kind: 'basic' }
  | {
      readonly kind: 'bearer';
      readonly realm: URL;
      readonly service: string | undefined;
      readonly foreignScope: string | undefined;
    };

/** One person at one registry: decides what stands in `Authorization`, and keeps the tokens. */
export type AuthSession = {
  readonly hasCredential: boolean;
  /** Through which requests go until one has been answered. */
  readonly firstContact: FirstContact;
  /** Everything secret this session has sent, in every spelling: never to be repeated from a server's words. */
  secrets(): readonly string[];
  /** What to send at once, from what is known by now; undefined to try without. May fetch a token. */
  authorize(scopes: readonly string[], signal?: AbortSignal): Promise<string | undefined>;
  /**
   * What to send after a 401, or undefined when nothing new can be tried. `tried` is what the refused request
   * carried. @throws {RegistryError} `untrusted-host`, `unsupported{auth-scheme}`, `protocol`, `unauthorized`
   */
  answer(
    refused: HttpResponse,
    tried: string | undefined,
    scopes: readonly string[],
    signal?: AbortSignal,
  ): Promise<string | undefined>;
};

const MAX_TOKENS = 500;

export type SessionDeps = { readonly transport: Transport; readonly clock: Clock };

/** A session per connection: tokens are never shared between credentials. */
export function createAuthSession(connection: RegistryConnection, endpoint: Endpoint, deps: SessionDeps): AuthSession {
  const { credential } = connection;
  const basic = () =>
    credential?.kind === 'password' ? basicAuthorization(credential.username, credential.secret) : undefined;
  const tokens = createTokenStore(connection, endpoint, deps);
  const firstContact = createFirstContact(deps.clock);
  let scheme: Scheme | undefined;

  const present = async (scopes: readonly string[], stale: string | undefined, signal?: AbortSignal) => {
    if (scheme === undefined) return undefined;
    if (scheme.kind === 'basic') return basic();
    return tokens.get({ scheme, scopes, basic: basic(), stale, signal });
  };

  return {
    hasCredential: credential !== undefined,
    firstContact,
    secrets: () => [...credentialSecrets(credential), ...tokens.values()],
    authorize: async (scopes, signal) => {
      if (credential?.kind === 'bearer') return `Bearer ${credential.secret}`;
      return present(scopes, undefined, signal);
    },
    answer: async (refused, tried, scopes, signal) => {
      // A token a person pasted is all we have: there is nothing to renew it with.
      if (credential?.kind === 'bearer') return undefined;
      const context = {
        endpoint,
        transport: deps.transport,
        hasPassword: credential !== undefined,
        secrets: [...credentialSecrets(credential), ...tokens.values()],
      };
      const isSilent = headerLines(refused.headers, 'www-authenticate').length === 0;
      const teacher = isSilent && scheme === undefined ? await pingUnsigned(context, signal) : refused;
      scheme = chooseScheme(teacher, context) ?? scheme;
      firstContact.end();
      const next = await present(scopes, tried, signal);
      return next === tried ? undefined : next;
    },
  };
}

/** gcr.io sends no challenge with some 401s; its ping does. */
async function pingUnsigned(
  context: { readonly endpoint: Endpoint; readonly transport: Transport },
  signal?: AbortSignal,
) {
  const { endpoint, transport } = context;
  const url = new URL('/v2/', endpoint.url);
  const answer = await transport.send({ endpoint, method: 'GET', url, hop: 'registry', redirects: 'follow', signal });
  discard(answer.body);
  return answer;
}

/**
 * The first challenge we can meet, in the server's order. Without a password that is only Bearer, where an
 * anonymous token may be had. Undefined when there is none to choose from.
 */
function chooseScheme(
  refused: HttpResponse,
  context: {
    readonly endpoint: Endpoint;
    readonly transport: Transport;
    readonly hasPassword: boolean;
    readonly secrets: readonly string[];
  },
): Scheme | undefined {
  const lines = headerLines(refused.headers, 'www-authenticate');
  const { challenges } = parseChallenges(lines);
  const known = challenges.filter(({ scheme }) => scheme === 'bearer' || scheme === 'basic');
  const usable = known.find(({ scheme }) => scheme === 'bearer' || context.hasPassword);
  if (usable === undefined) {
    if (known.length > 0 || lines.length === 0) return undefined;
    throw unusable(refused, context.secrets);
  }
  if (usable.scheme === 'basic') return { kind: 'basic' };
  const realm = checkRealm(usable.params.get('realm'), {
    registry: context.endpoint.url,
    trace: refused.trace,
    classify: context.transport.classify,
  });
  return {
    kind: 'bearer',
    realm,
    service: usable.params.get('service'),
    foreignScope: usable.params.get('scope'),
  };
}

/** The refused request may have carried a secret, so the server's words may repeat it (SECURITY-CASES A09). */
function unusable(refused: HttpResponse, secrets: readonly string[]): RegistryError {
  const lines = headerLines(refused.headers, 'www-authenticate').map((line) => scrubSecrets(line, secrets));
  const { challenges, malformed } = parseChallenges(lines);
  if (challenges.length > 0) {
    const detail = challenges.slice(0, 5).map(formatChallenge).join('; ').slice(0, 500);
    return new RegistryError({ kind: 'unsupported', feature: 'auth-scheme', detail }, refused.trace);
  }
  const detail = `unreadable WWW-Authenticate: ${malformed[0] ?? ''}`;
  return new RegistryError({ kind: 'protocol', reason: 'challenge', detail }, refused.trace);
}

type TokenAsk = {
  readonly scheme: Extract<Scheme, { kind: 'bearer' }>;
  readonly scopes: readonly string[];
  readonly basic: string | undefined;
  /** The `Authorization` just refused: a cached token equal to it is thrown away. */
  readonly stale: string | undefined;
  readonly signal: AbortSignal | undefined;
};

function createTokenStore(
  connection: RegistryConnection,
  endpoint: Endpoint,
  deps: SessionDeps,
): { get(ask: TokenAsk): Promise<string>; values(): readonly string[] } {
  // One a repository at most: a person who walks through thousands must not keep them all.
  const cache = new LRUCache<string, Token>({ max: MAX_TOKENS });
  const flights = createSingleFlight<Token>();
  const secrets = credentialSecrets(connection.credential);

  return {
    values: () => [...cache.values()].map((token) => token.value),
    get: async ({ scheme, scopes, basic, stale, signal }) => {
      const wanted = scopesToRequest(scopes, scheme.foreignScope);
      const key = JSON.stringify([scheme.realm.href, scheme.service ?? null, [...wanted].sort()]);
      const cached = cache.get(key);
      if (cached !== undefined && cached.expiresAtMs > deps.clock.now() && `Bearer ${cached.value}` !== stale) {
        return `Bearer ${cached.value}`;
      }
      const request: TokenRequest = {
        endpoint,
        realm: scheme.realm,
        service: scheme.service,
        scopes: wanted,
        authorization: basic,
        secrets,
      };
      if (basic !== undefined) checkTrust(scheme.realm, endpoint, connection.trustedTokenHosts ?? []);
      const token = await flights.run(key, (flightSignal) => fetchToken(request, deps, flightSignal), signal);
      cache.set(key, token);
      return `Bearer ${token.value}`;
    },
  };
}

/** Before a byte of a secret leaves: is this token server known to belong to the registry? (SECURITY-CASES A01) */
function checkTrust(realm: URL, endpoint: Endpoint, trusted: readonly string[]): void {
  if (isTrustedTokenHost(realm, endpoint.url, trusted)) return;
  throw new RegistryError({
    kind: 'untrusted-host',
    host: realm.host,
    registryHost: endpoint.url.host,
    detail: `${endpoint.url.host} asks to send the password to ${realm.host}`,
    canTrust: true,
  });
}

function credentialSecrets(credential: RegistryCredential | undefined): readonly string[] {
  if (credential === undefined) return [];
  return credential.kind === 'password' ? secretSpellings(credential.username, credential.secret) : [credential.secret];
}
