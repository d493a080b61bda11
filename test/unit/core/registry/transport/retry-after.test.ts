import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRetryAfter } from '#main/core/registry/transport/retry-after.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');

describe('parseRetryAfter', () => {
  it.each([
    [undefined, undefined],
    ['', undefined],
    ['abc', undefined],
    ['1.5', undefined],
    ['2026-11-21', undefined],
    ['5', 5],
    [' 5 ', 5],
    ['0', 1],
    ['-5', 1],
    ['1000000000', 60],
    ['Sat, 21 Nov 2026 12:00:30 GMT', 30],
    ['Sat, 21 Nov 2026 11:00:00 GMT', 1],
    ['Sun, 21 Nov 2027 12:00:00 GMT', 60],
  ])('reads %j as %s (L04)', (text, seconds) => {
    expect(parseRetryAfter(text, NOW)).toBe(seconds);
  });

  it('gives 1 to 60 or nothing for any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.integer().map(String)), (text) => {
        const seconds = parseRetryAfter(text, NOW) ?? 1;
        expect(seconds >= 1 && seconds <= 60).toBe(true);
      }),
    );
  });
});
