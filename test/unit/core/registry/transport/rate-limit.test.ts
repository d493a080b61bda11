import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRateLimit } from '#main/core/registry/transport/rate-limit.ts';

describe('parseRateLimit', () => {
  it('reads what Docker Hub sends', () => {
    const headers = {
      'ratelimit-limit': '100;w=21600',
      'ratelimit-remaining': '76;w=21600',
      'docker-ratelimit-source': '192.0.2.7',
    };
    expect(parseRateLimit(headers)).toEqual({ limit: 100, remaining: 76, windowSeconds: 21_600, source: '192.0.2.7' });
  });

  it.each([
    [
      { 'ratelimit-limit': '10, 10;w=1, 50;w=60', 'ratelimit-remaining': '9' },
      { limit: 10, remaining: 9, windowSeconds: 1 },
    ],
    [{ ratelimit: 'limit=100, remaining=50, reset=5' }, { limit: 100, remaining: 50 }],
    [
      { ratelimit: '"default";r=50;t=30', 'ratelimit-policy': '"default";q=100;w=60' },
      { limit: 100, remaining: 50, windowSeconds: 60 },
    ],
    [
      { 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '4999' },
      { limit: 5000, remaining: 4999 },
    ],
    [
      { 'ratelimit-limit': '100;w=0', 'ratelimit-remaining': '0' },
      { limit: 100, remaining: 0 },
    ],
  ])('reads %j', (headers, expected) => {
    expect(parseRateLimit(headers)).toEqual(expected);
  });

  it.each([
    {},
    { 'ratelimit-limit': '100;w=21600' },
    { 'ratelimit-limit': '-1', 'ratelimit-remaining': '-1' },
    { 'ratelimit-limit': '1e9', 'ratelimit-remaining': '5' },
    { 'ratelimit-limit': '1.5', 'ratelimit-remaining': '5' },
    { 'ratelimit-limit': ['1', '2'], 'ratelimit-remaining': '5' },
    { 'ratelimit-limit': '9'.repeat(16), 'ratelimit-remaining': '5' },
    { 'x-ratelimit-limit': 'unlimited', 'x-ratelimit-remaining': 'unlimited' },
  ])('reads nothing in %j', (headers) => {
    expect(parseRateLimit(headers)).toBeUndefined();
  });

  it('leaves out a source with control characters, and cuts a long one', () => {
    const headers = { 'ratelimit-limit': '1', 'ratelimit-remaining': '1' };
    expect(parseRateLimit({ ...headers, 'docker-ratelimit-source': 'a\u009b31m' })).toEqual({ limit: 1, remaining: 1 });
    expect(parseRateLimit({ ...headers, 'docker-ratelimit-source': 'a'.repeat(500) })?.source).toHaveLength(100);
  });

  it('gives whole numbers that are safe, or nothing, for any headers', () => {
    const piece = fc.constantFrom(
      '100',
      ';w=',
      'r',
      '=',
      '"default"',
      ';',
      ',',
      'limit=',
      'remaining=',
      '-',
      '9'.repeat(20),
      ' ',
      'é',
    );
    const value = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 12 }).map((parts) => parts.join('')),
    );
    const names = [
      'ratelimit-limit',
      'ratelimit-remaining',
      'ratelimit',
      'ratelimit-policy',
      'x-ratelimit-limit',
      'x-ratelimit-remaining',
    ];
    fc.assert(
      fc.property(
        fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] }),
        (headers) => {
          const found = parseRateLimit(headers);
          if (found === undefined) return;
          for (const number of [found.limit, found.remaining, found.windowSeconds ?? 1]) {
            expect(Number.isSafeInteger(number) && number >= 0).toBe(true);
          }
          expect(found.windowSeconds ?? 1).toBeGreaterThan(0);
        },
      ),
    );
  });
});
