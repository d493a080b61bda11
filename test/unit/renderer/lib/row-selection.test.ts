import { describe, expect, test } from 'vitest';
import { extendRows, NO_ROWS, toggleAllRows, toggleRow } from '#renderer/lib/row-selection.ts';

const ORDER = ['a', 'b', 'c', 'd', 'e'];
const keysOf = ({ keys }: { readonly keys: ReadonlySet<string> }) => [...keys].sort();

describe('ticked rows', () => {
  test('a row is ticked and unticked', () => {
    const once = toggleRow(NO_ROWS, 'b');
    expect(keysOf(once)).toEqual(['b']);
    expect(keysOf(toggleRow(once, 'b'))).toEqual([]);
  });

  test('a range runs from the anchor in either direction and adds to what is ticked', () => {
    const start = toggleRow(toggleRow(NO_ROWS, 'e'), 'c');
    expect(keysOf(extendRows(start, ORDER, 'a'))).toEqual(['a', 'b', 'c', 'e']);
    expect(keysOf(extendRows(start, ORDER, 'd'))).toEqual(['c', 'd', 'e']);
  });

  test('a second range starts at the same anchor', () => {
    const first = extendRows(toggleRow(NO_ROWS, 'b'), ORDER, 'c');
    expect(keysOf(extendRows(first, ORDER, 'a'))).toEqual(['a', 'b', 'c']);
  });

  test('without an anchor in sight a range is one row', () => {
    expect(keysOf(extendRows(NO_ROWS, ORDER, 'd'))).toEqual(['d']);
    expect(keysOf(extendRows(toggleRow(NO_ROWS, 'gone'), ORDER, 'd'))).toEqual(['d', 'gone']);
  });

  test('a row that is not shown extends nothing', () => {
    expect(keysOf(extendRows(toggleRow(NO_ROWS, 'a'), ORDER, 'gone'))).toEqual(['a']);
  });

  test('all rows are ticked, and when they are, none', () => {
    const all = toggleAllRows(toggleRow(NO_ROWS, 'c'), ORDER);
    expect(keysOf(all)).toEqual(ORDER);
    expect(keysOf(toggleAllRows(all, ORDER))).toEqual([]);
    expect(keysOf(toggleAllRows(NO_ROWS, []))).toEqual([]);
  });
});
