import type { Clock } from '../../ports.ts';
import { discard } from '../transport/body.ts';
import type { Endpoint, HttpRequest, HttpResponse, Transport } from '../transport/http.ts';
import type { Caller } from './caller.ts';
import { readToken, type Token } from './token-answer.ts';
import { tokenError } from './token-error.ts';

export type TokenRequest = {
  readonly endpoint: Endpoint;
  readonly realm: URL;
  readonly service: string | undefined;
  /** In the order in which they are asked for. */
  readonly scopes: readonly string[];
  /** Never repeated from the token server's words. */
  readonly secrets: readonly string[];
};

export type TokenDeps = { readonly transport: Transport; readonly clock: Clock };

/**
 * A token server that has no such address for POST, or no such method: it has not looked at the body, so the refresh
 * token is as good as before. distribution answers 404, DigitalOcean 405.
 */
const KNOWS_NO_POST: ReadonlySet<number> = new Set([404, 405, 501]);

/** Who we say we are where OAuth2 demands a name. It need not be known to the token server. */
const CLIENT_ID = 'gantry';

/**
 * Asks a token server by GET, with a Basic `authorization` or anonymously. One `scope` parameter a scope, everything
 * encoded (SECURITY-CASES A10). Spec: distribution token authentication, "Requesting a Token".
 * @throws {RegistryError} `unauthorized`, `protocol{token}`, and what the transport throws
 */
export async function fetchToken(
  request: TokenRequest,
  authorization: string | undefined,
  deps: TokenDeps,
  caller: Caller,
): Promise<Token> {
  const response = await deps.transport.send({
    ...tokenCall(request, caller),
    method: 'GET',
    url: tokenUrl(request),
    headers: { accept: 'application/json' },
    authorization,
  });
  return read(response, { request, hadCredential: authorization !== undefined, deps });
}

/**
 * Trades a refresh token for an access token by POST; undefined where the token server knows GET alone. The answer may hold the refresh token to use from now on. Spec: distribution "Oauth2 Token Authentication",
 * RFC 6749, 6. Cannot be broken off: the refresh token may be spent by then.
 * @throws {RegistryError} `unauthorized`, `protocol{token}`, and what the transport throws
 */
export async function refreshToken(request: TokenRequest, secret: string, deps: TokenDeps): Promise<Token | undefined> {
  const { service, scopes } = request;
  const form = new URLSearchParams({ grant_type: 'refresh_token', client_id: CLIENT_ID, refresh_token: secret });
  if (service !== undefined) form.append('service', service);
  if (scopes.length > 0) form.append('scope', scopes.join(' '));
  const response = await deps.transport.send({
    ...tokenCall(request, {}),
    method: 'POST',
    url: withoutScopes(request.realm),
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  });
  if (KNOWS_NO_POST.has(response.status)) {
    discard(response.body);
    return undefined;
  }
  return await read(response, { request, hadCredential: true, deps });
}

/** No redirects (A07): the next host would get what was meant for this one. */
function tokenCall({ endpoint, secrets }: TokenRequest, { signal, retrier }: Caller) {
  const call = { endpoint, hop: 'token', redirects: 'refuse', signal, retrier, secrets } as const;
  return call satisfies Partial<HttpRequest>;
}

async function read(
  response: HttpResponse,
  context: { readonly request: TokenRequest; readonly hadCredential: boolean; readonly deps: TokenDeps },
): Promise<Token> {
  const { request, hadCredential, deps } = context;
  const nowMs = deps.clock.now();
  if (response.status === 200) return await readToken(response, nowMs);
  throw await tokenError(response, { hadCredential, secrets: request.secrets, nowMs });
}

/** The realm's own query is kept byte for byte but for scopes, which are ours to name (A11); then comes our query. */
export function tokenUrl(request: Pick<TokenRequest, 'realm' | 'service' | 'scopes'>): URL {
  const added = new URLSearchParams();
  if (request.service !== undefined) added.append('service', request.service);
  for (const scope of request.scopes) added.append('scope', scope);
  const url = withoutScopes(request.realm);
  url.search = [url.search.slice(1), added.toString()].filter((part) => part !== '').join('&');
  return url;
}

function withoutScopes(realm: URL): URL {
  const url = new URL(realm);
  const own = url.search.slice(1).split('&');
  url.search = own.filter((pair) => !new URLSearchParams(pair).has('scope')).join('&');
  return url;
}
