import { z } from 'zod';
import { readBounded } from '../transport/body.ts';
import type { HttpResponse } from '../transport/http.ts';
import { parseJson } from '../transport/json.ts';
import { LIMITS } from '../transport/limits.ts';
import { RegistryError } from '../transport/registry-error.ts';

/** A token and until when we use it, in milliseconds since the epoch. */
export type Token = {
  readonly value: string;
  readonly expiresAtMs: number;
  /** What the token server gave to refresh with from now on. */
  readonly refreshToken?: string;
};

const MIN_LIFETIME_SECONDS = 60;
const RENEW_EARLY_SECONDS = 5;
const MAX_LIFETIME_SECONDS = 24 * 60 * 60;
/** A refresh token is kept in the keychain: a server may not fill that. */
const MAX_REFRESH_TOKEN = 16_384;
const VISIBLE_ASCII = /^[\u0021-\u007e]+$/;

const answerSchema = z.looseObject({
  token: z.unknown().optional(),
  access_token: z.unknown().optional(),
  refresh_token: z.unknown().optional(),
  expires_in: z.unknown().optional(),
});

/**
 * Reads a token server's 200, at most 64 KiB (SECURITY-CASES A08). `access_token` wins over `token` where both are
 * given. What is refused is never repeated in the error (A09).
 * @throws {RegistryError} `protocol{token}`, `too-large`
 */
export async function readToken(response: HttpResponse, nowMs: number): Promise<Token> {
  const { trace } = response;
  const refuse = (detail: string) => new RegistryError({ kind: 'protocol', reason: 'token', detail }, trace);
  const { data } = answerSchema.safeParse(parseJson(await readBody(response), trace));
  if (data === undefined) throw refuse('the answer of the token server is no object');
  const value = [data.access_token, data.token].find((each) => each !== undefined && each !== null && each !== '');
  if (value === undefined) throw refuse('the token server sent no token');
  if (!isToken(value)) throw refuse('the token cannot stand in a header');
  const expiresAtMs = nowMs + (lifetimeSeconds(data.expires_in) - RENEW_EARLY_SECONDS) * 1000;
  const refreshToken = data.refresh_token;
  const isKept = isToken(refreshToken) && refreshToken.length <= MAX_REFRESH_TOKEN;
  return { value, expiresAtMs, ...(isKept ? { refreshToken } : {}) };
}

function isToken(value: unknown): value is string {
  return typeof value === 'string' && VISIBLE_ASCII.test(value);
}

async function readBody(response: HttpResponse): Promise<Uint8Array> {
  const { headers, trace } = response;
  try {
    return await readBounded(response.body, { headers, limitBytes: LIMITS.tokenBytes, what: 'token answer', trace });
  } catch (error) {
    throw response.mapError(error);
  }
}

/**
 * Counted from when the token arrived, never from `issued_at`: two clocks need not agree. Less than a minute, absent
 * or nonsense counts as a minute, so a hostile value cannot make us ask in a loop (SECURITY-CASES A15).
 */
export function lifetimeSeconds(expiresIn: unknown): number {
  if (typeof expiresIn !== 'number' || !Number.isFinite(expiresIn)) return MIN_LIFETIME_SECONDS;
  return Math.min(MAX_LIFETIME_SECONDS, Math.max(MIN_LIFETIME_SECONDS, expiresIn));
}
