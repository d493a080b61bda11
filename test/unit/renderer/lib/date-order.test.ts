import { describe, expect, test } from 'vitest';
import { sortByDate } from '#renderer/lib/date-order.ts';

describe('date order', () => {
  test('known dates come newest first, the rest after them in natural order', () => {
    const dates = new Map([
      ['a', '2024-01-01T00:00:00Z'],
      ['b', '2026-01-01T00:00:00Z'],
    ]);
    expect(sortByDate(['c10', 'a', 'c9', 'b'], (tag) => dates.get(tag))).toEqual({
      tags: ['b', 'a', 'c9', 'c10'],
      knownCount: 2,
    });
  });

  test('equal dates keep natural order', () => {
    expect(sortByDate(['1.10', '1.9'], () => '2026-01-01T00:00:00Z').tags).toEqual(['1.9', '1.10']);
  });

  test('a placeholder date counts as not known', () => {
    expect(sortByDate(['a'], () => '1970-01-01T00:00:00Z').knownCount).toBe(0);
  });
});
