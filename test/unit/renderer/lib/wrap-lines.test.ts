import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { displayText } from '#shared/oci/display-text.ts';
import { findInRows, rowOfMatch } from '#renderer/lib/find-in-rows.ts';
import type { JsonLine } from '#renderer/lib/json-lines.ts';
import { rowText, wrapLines } from '#renderer/lib/wrap-lines.ts';

const line = (text: string): JsonLine => [{ kind: 'string', text }];
const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 60 }), { minLength: 1, maxLength: 8 });

describe('wrapped rows', () => {
  test('a long line goes on in rows that carry its number and where they start', () => {
    const rows = wrapLines([line('0123456789abcdef'), line('x')], 10);
    expect(rows.map((row) => [row.line, row.start, rowText(row)])).toEqual([
      [0, 0, '0123456789'],
      [0, 10, 'abcdef'],
      [1, 0, 'x'],
    ]);
  });

  test('N02 hidden characters are spelled out and marked', () => {
    const [row] = wrapLines([line('a\u202Eb')], 80);
    expect(row?.pieces.map(({ text, escaped }) => [text, escaped])).toEqual([
      ['a', false],
      [String.raw`\u202E`, true],
      ['b', false],
    ]);
  });

  test('rows fit their columns and together are the whole text', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 8, max: 30 }), (all, columns) => {
        const rows = wrapLines(all.map(line), columns);
        for (const row of rows) expect(rowText(row).length).toBeLessThanOrEqual(columns);
        for (const [number, text] of all.entries()) {
          const joined = rows
            .filter((row) => row.line === number)
            .map(rowText)
            .join('');
          expect(joined).toBe(displayText(text));
        }
      }),
    );
  });

  test('a match is found in any case and across the cut of a row', () => {
    const rows = wrapLines([line('none'), line('0123456789Needle')], 12);
    const [match] = findInRows(rows, 'nEEdle');
    expect(match).toEqual({ line: 1, start: 10, end: 16 });
    expect(match === undefined ? -1 : rowOfMatch(rows, match)).toBe(1);
  });

  test('every match lies where the words are', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 8, max: 30 }), (all, columns) => {
        const rows = wrapLines(all.map(line), columns);
        const matches = findInRows(rows, 'a');
        expect(matches).toHaveLength(
          all.reduce((sum, text) => sum + (displayText(text).toLowerCase().split('a').length - 1), 0),
        );
        for (const match of matches) {
          const row = rows[rowOfMatch(rows, match)];
          expect(
            rowText(row ?? { line: 0, start: 0, pieces: [] })[match.start - (row?.start ?? 0)]?.toLowerCase(),
          ).toBe('a');
        }
      }),
    );
  });
});
