import { Readable } from 'node:stream';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lifetimeSeconds, readToken, type Token } from '#main/core/registry/auth/token-answer.ts';
import type { HttpResponse } from '#main/core/registry/transport/http.ts';
import { RegistryError } from '#main/core/registry/transport/registry-error.ts';

const trace = { method: 'GET', url: 'https://auth.test/token', hop: 'token', status: 200 } as const;

/** What comes of a token server's 200 with this body, as it arrives at the time 0. */
async function outcomeOf(body: string): Promise<Token | RegistryError> {
  const mapError = (error: unknown) => {
    if (error instanceof RegistryError) return error;
    throw error;
  };
  const url = new URL(trace.url);
  const response: HttpResponse = {
    status: 200,
    headers: {},
    url,
    trace,
    body: Readable.from([Buffer.from(body)]),
    mapError,
  };
  try {
    return await readToken(response, 0);
  } catch (error) {
    if (error instanceof RegistryError) return error;
    throw error;
  }
}

describe('readToken', () => {
  it.each([
    [{ token: 't' }, { value: 't', expiresAtMs: 55_000 }],
    [
      { token: 't', access_token: 'a', expires_in: 300 },
      { value: 'a', expiresAtMs: 295_000 },
    ],
    [
      { token: 't', access_token: '' },
      { value: 't', expiresAtMs: 55_000 },
    ],
    [
      { token: 't', access_token: null },
      { value: 't', expiresAtMs: 55_000 },
    ],
    [
      { access_token: 'a', refresh_token: 'r' },
      { value: 'a', expiresAtMs: 55_000, refreshToken: 'r' },
    ],
    [
      { access_token: 'a', refresh_token: 'r\n' },
      { value: 'a', expiresAtMs: 55_000 },
    ],
    [
      { access_token: 'a', refresh_token: 'r'.repeat(20_000) },
      { value: 'a', expiresAtMs: 55_000 },
    ],
  ])('reads %j', async (body, expected) => {
    expect(await outcomeOf(JSON.stringify(body))).toEqual(expected);
  });

  it('gives a token fit for a header or an error that repeats nothing, whatever is answered', async () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.constant('canary\r\n'), fc.jsonValue());
    const body = fc.oneof(
      fc.record({ token: value, access_token: value, refresh_token: value, expires_in: value }, { requiredKeys: [] }),
      fc.jsonValue(),
    );
    await fc.assert(
      fc.asyncProperty(body, fc.nat(40), async (json, cut) => {
        const text = JSON.stringify(json);
        const outcome = await outcomeOf(cut > 30 ? text.slice(0, cut) : text);
        const shown = outcome instanceof RegistryError ? outcome.message : '';
        expect(shown).not.toContain('canary');
        expect(outcome instanceof RegistryError || /^[!-~]+$/.test(outcome.value)).toBe(true);
        expect(outcome instanceof RegistryError || outcome.expiresAtMs >= 55_000).toBe(true);
      }),
    );
  });
});

describe('lifetimeSeconds', () => {
  it.each([
    [undefined, 60],
    [0, 60],
    [-1, 60],
    [Number.POSITIVE_INFINITY, 60],
    ['300', 60],
    [300, 300],
    [1e9, 86_400],
  ])('takes %s for %i (A15)', (value, seconds) => {
    expect(lifetimeSeconds(value)).toBe(seconds);
  });
});
