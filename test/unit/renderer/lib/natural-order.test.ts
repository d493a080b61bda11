import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareNatural, sortNatural } from '#renderer/lib/natural-order.ts';

const tagLike = fc.oneof(
  fc.string({ unit: fc.constantFrom(...Array.from('v0123456789.-_aAbZ')), maxLength: 10 }),
  fc.string({ maxLength: 12 }),
);

describe('natural order', () => {
  test('digits compare as numbers', () => {
    expect(sortNatural(['1.10', '1.9', '1.2', '10'])).toEqual(['1.2', '1.9', '1.10', '10']);
  });

  test('a leading v before a digit does not count, elsewhere it does', () => {
    expect(sortNatural(['v2', '1', 'v1.5', 'vault'])).toEqual(['1', 'v1.5', 'v2', 'vault']);
  });

  test('numbers longer than a double stay exact', () => {
    expect(compareNatural('90071992547409931', '90071992547409932')).toBeLessThan(0);
  });

  test('leading zeros and case decide only between equals', () => {
    expect(sortNatural(['a02', 'a1', 'A2', 'a2'])).toEqual(['a1', 'A2', 'a02', 'a2']);
  });

  test('a tag comes before the tags it begins', () => {
    expect(sortNatural(['1.27-alpine', '1.27'])).toEqual(['1.27', '1.27-alpine']);
  });

  test('is a total order: antisymmetric, transitive, and equal only for equal strings', () => {
    fc.assert(
      fc.property(tagLike, tagLike, tagLike, (a, b, c) => {
        expect(Math.sign(compareNatural(a, b))).toBe(-Math.sign(compareNatural(b, a)) + 0);
        expect(compareNatural(a, b) === 0).toBe(a === b);
        const chained = compareNatural(a, b) <= 0 && compareNatural(b, c) <= 0;
        expect(!chained || compareNatural(a, c) <= 0).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('sorting keeps every tag and does not depend on the order it starts from', () => {
    fc.assert(
      fc.property(fc.array(tagLike), (tags) => {
        const sorted = sortNatural(tags);
        expect([...sorted].sort()).toEqual([...tags].sort());
        expect(sortNatural(tags.toReversed())).toEqual(sorted);
      }),
    );
  });
});
