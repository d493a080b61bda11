import { z } from 'zod';
import type { Clock } from '../../ports.ts';
import { readBounded, readStart } from '../transport/body.ts';
import type { Endpoint, HttpResponse, Transport } from '../transport/http.ts';
import { parseJson } from '../transport/json.ts';
import { LIMITS } from '../transport/limits.ts';
import { RegistryError } from '../transport/registry-error.ts';
import { responseError } from '../transport/response-error.ts';

/** A token and until when we use it, in milliseconds since the epoch. */
export type Token = { readonly value: string; readonly expiresAtMs: number };

export type TokenRequest = {
  readonly endpoint: Endpoint;
  readonly realm: URL;
  readonly service: string | undefined;
  readonly scopes: readonly string[];
  /** A Basic `Authorization` for the realm's own origin; absent for an anonymous token. */
  readonly authorization?: string | undefined;
  readonly secrets: readonly string[];
};

const MIN_LIFETIME_SECONDS = 60;
const RENEW_EARLY_SECONDS = 5;
const MAX_LIFETIME_SECONDS = 24 * 60 * 60;
const VISIBLE_ASCII = /^[\u0021-\u007e]+$/;

const answerSchema = z.looseObject({
  token: z.unknown().optional(),
  access_token: z.unknown().optional(),
  expires_in: z.unknown().optional(),
});

/**
 * Asks a token server by GET. One `scope` parameter a scope, everything encoded (SECURITY-CASES A10), no redirects
 * (A07), at most 64 KiB (A08). Spec: distribution token authentication, "Requesting a Token".
 * @throws {RegistryError} `unauthorized`, `protocol{token}`, and what the transport throws
 */
export async function fetchToken(
  request: TokenRequest,
  deps: { readonly transport: Transport; readonly clock: Clock },
  signal: AbortSignal,
): Promise<Token> {
  const response = await deps.transport.send({
    endpoint: request.endpoint,
    method: 'GET',
    url: tokenUrl(request),
    hop: 'token',
    headers: { accept: 'application/json' },
    authorization: request.authorization,
    redirects: 'refuse',
    signal,
    secrets: request.secrets,
  });
  if (response.status !== 200) throw await tokenError(response, request, deps.clock.now());
  const body = await readTokenBody(response);
  return parseToken(body, response, deps.clock.now());
}

/** The realm's own query is kept byte for byte but for scopes, which are ours to name (A11); then comes our query. */
export function tokenUrl(request: Pick<TokenRequest, 'realm' | 'service' | 'scopes'>): URL {
  const added = new URLSearchParams();
  if (request.service !== undefined) added.append('service', request.service);
  for (const scope of request.scopes) added.append('scope', scope);
  const url = new URL(request.realm);
  const own = url.search.slice(1).split('&');
  url.search = [...own.filter((pair) => !new URLSearchParams(pair).has('scope')), added.toString()]
    .filter((part) => part !== '')
    .join('&');
  return url;
}

async function readTokenBody(response: HttpResponse): Promise<Uint8Array> {
  const { headers, trace } = response;
  try {
    return await readBounded(response.body, { headers, limitBytes: LIMITS.tokenBytes, what: 'token answer', trace });
  } catch (error) {
    throw response.mapError(error);
  }
}

async function tokenError(response: HttpResponse, request: TokenRequest, nowMs: number): Promise<RegistryError> {
  const { status, headers, trace } = response;
  const body = await readStart(response.body, LIMITS.errorBytes);
  if (status >= 300 && status < 400) {
    const detail = 'the token server redirects, which could lead a credential astray';
    return new RegistryError({ kind: 'protocol', reason: 'token', detail }, trace);
  }
  const hadCredential = request.authorization !== undefined;
  return responseError({
    // A token server that answers 403 to a wrong password means what others say with 401.
    status,
    headers,
    body,
    trace,
    hadCredential,
    what: 'unknown',
    nowMs,
    secrets: request.secrets,
  });
}

/** `access_token` wins over `token` where both are given. What is refused is never repeated in the error (A09). */
function parseToken(body: Uint8Array, response: HttpResponse, nowMs: number): Token {
  const { trace } = response;
  const refuse = (detail: string) => new RegistryError({ kind: 'protocol', reason: 'token', detail }, trace);
  const { data } = answerSchema.safeParse(parseJson(body, trace));
  if (data === undefined) throw refuse('the answer of the token server is no object');
  const value = [data.access_token, data.token].find((each) => each !== undefined && each !== '');
  if (value === undefined) throw refuse('the token server sent no token');
  if (typeof value !== 'string' || !VISIBLE_ASCII.test(value)) throw refuse('the token cannot stand in a header');
  return { value, expiresAtMs: nowMs + (lifetimeSeconds(data.expires_in) - RENEW_EARLY_SECONDS) * 1000 };
}

/**
 * Counted from when the token arrived, never from `issued_at`: two clocks need not agree. Less than a minute, absent
 * or nonsense counts as a minute, so a hostile value cannot make us ask in a loop (SECURITY-CASES A15).
 */
export function lifetimeSeconds(expiresIn: unknown): number {
  if (typeof expiresIn !== 'number' || !Number.isFinite(expiresIn)) return MIN_LIFETIME_SECONDS;
  return Math.min(MAX_LIFETIME_SECONDS, Math.max(MIN_LIFETIME_SECONDS, expiresIn));
}
