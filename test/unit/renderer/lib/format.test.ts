import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatBytes, formatExactBytes } from '#renderer/lib/format-bytes.ts';
import { formatExact, formatNanoseconds, formatRelative, parseInstant } from '#renderer/lib/format-time.ts';

describe('sizes', () => {
  test.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.00 KiB'],
    [1240, '1.21 KiB'],
    [71_512_345, '68.2 MiB'],
    [1024 * 1024 - 1, '1.00 MiB'],
    [9.996 * 1024, '10.0 KiB'],
    [512 * 1024 ** 3, '512 GiB'],
    [Number.MAX_SAFE_INTEGER, '8.00 PiB'],
  ])('%d bytes reads %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  test('the exact size has thousands apart', () => {
    expect([formatExactBytes(1), formatExactBytes(71_512_345)]).toEqual(['1 byte', '71,512,345 bytes']);
  });

  test('a size shown is within one per cent of the truth and never 1024 of a unit', () => {
    const factors: Record<string, number> = { B: 0, KiB: 1, MiB: 2, GiB: 3, TiB: 4, PiB: 5 };
    fc.assert(
      fc.property(fc.maxSafeNat(), (bytes) => {
        const [number = '', unit = ''] = formatBytes(bytes).split(' ');
        expect(Number(number)).toBeLessThan(1024);
        const shown = Number(number) * 1024 ** (factors[unit] ?? Number.NaN);
        expect(Math.abs(shown - bytes)).toBeLessThanOrEqual(bytes * 0.01);
      }),
    );
  });
});

describe('times', () => {
  const now = Date.UTC(2026, 10, 21, 12);
  test.each([
    [0, 'just now'],
    [59_000, 'just now'],
    [5 * 60_000, '5 min ago'],
    [3 * 3_600_000, '3 h ago'],
    [3 * 86_400_000, '3 d ago'],
    [90 * 86_400_000, '2 mo ago'],
    [800 * 86_400_000, '2 y ago'],
    [-2 * 3_600_000, 'in 2 h'],
  ])('%d ms before now reads %s', (distance, text) => {
    expect(formatRelative(now - distance, now)).toBe(text);
  });

  test('the exact instant is in UTC', () => {
    expect(formatExact(Date.UTC(2026, 10, 18, 9, 41, 7))).toBe('2026-11-18 09:41:07 UTC');
  });

  test.each(['', 'yesterday', '0001-01-01T00:00:00Z', '1970-01-01T00:00:00Z', '1980-01-01T00:00:01Z', '2024-13-40'])(
    '%j is no date',
    (text) => {
      expect(parseInstant(text)).toBeUndefined();
    },
  );

  test('nanoseconds of a config are dates down to the second', () => {
    expect(parseInstant('2026-11-18T09:41:07.123456789+01:00')).toBe(Date.UTC(2026, 10, 18, 8, 41, 7, 123));
  });

  test('intervals in nanoseconds are read in the largest unit that fits', () => {
    expect([30e9, 90e9, 250].map(formatNanoseconds)).toEqual(['30 s', '1.5 min', '250 ns']);
  });
});
