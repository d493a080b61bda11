import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isTypedCharacter, movedIndex } from '#renderer/lib/grid-keys.ts';

describe('keys in a list', () => {
  test.each([
    ['ArrowDown', 3, 4],
    ['ArrowUp', 3, 2],
    ['ArrowUp', 0, 0],
    ['ArrowDown', 9, 9],
    ['PageDown', 3, 8],
    ['PageUp', 3, 0],
    ['Home', 7, 0],
    ['End', 2, 9],
    ['ArrowDown', -1, 0],
    ['ArrowUp', -1, 0],
  ])('%s from row %d of ten leads to row %d', (key, from, to) => {
    expect(movedIndex(key, from, 10, 5)).toBe(to);
  });

  test('other keys and an empty list lead nowhere', () => {
    expect(movedIndex('Enter', 1, 10, 5)).toBeUndefined();
    expect(movedIndex('ArrowDown', -1, 0, 5)).toBeUndefined();
  });

  test('wherever a key leads, there is a row', () => {
    const keys = fc.constantFrom('ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End');
    fc.assert(
      fc.property(
        keys,
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: -1, max: 1200 }),
        fc.nat(80),
        (key, count, from, page) => {
          const to = movedIndex(key, from, count, page) ?? -1;
          expect(to).toBeGreaterThanOrEqual(0);
          expect(to).toBeLessThan(count);
        },
      ),
    );
  });

  test('a character starts a search; Space, shortcuts and named keys do not', () => {
    const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
    expect(isTypedCharacter({ key: 'v', ...plain })).toBe(true);
    expect(isTypedCharacter({ key: ' ', ...plain })).toBe(false);
    expect(isTypedCharacter({ key: 'a', ...plain, ctrlKey: true })).toBe(false);
    expect(isTypedCharacter({ key: 'Enter', ...plain })).toBe(false);
    expect(isTypedCharacter({ key: '?', ...plain, shiftKey: true })).toBe(false);
  });
});
