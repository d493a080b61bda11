import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findInRows } from '#renderer/lib/find-in-rows.ts';
import { markMatches } from '#renderer/lib/mark-matches.ts';
import { rowText, wrapLines } from '#renderer/lib/wrap-lines.ts';

describe('marked matches', () => {
  test('a match over two tokens is marked in both', () => {
    const rows = wrapLines(
      [
        [
          { kind: 'key', text: '"ab"' },
          { kind: 'punctuation', text: ':' },
        ],
      ],
      40,
    );
    const [row] = rows;
    const marked = row === undefined ? [] : markMatches(row, findInRows(rows, 'b":'));
    expect(marked.map(({ runs }) => runs.map(({ text, match }) => [text, match !== undefined]))).toEqual([
      [
        ['"a', false],
        ['b"', true],
      ],
      [[':', true]],
    ]);
  });

  test('marking loses no character, and what is marked is what was looked for', () => {
    const texts = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '\u202E', ' ') }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(texts, fc.integer({ min: 8, max: 20 }), fc.constantFrom('a', 'ab', 'aba'), (all, columns, words) => {
        const rows = wrapLines(
          all.map((text) => [{ kind: 'string' as const, text }]),
          columns,
        );
        const matches = findInRows(rows, words);
        let markedText = '';
        for (const row of rows) {
          const runs = markMatches(
            row,
            matches.filter(({ line }) => line === row.line),
          ).flatMap((marked) => marked.runs);
          expect(runs.map(({ text }) => text).join('')).toBe(rowText(row));
          markedText += runs.map(({ text, match }) => (match === undefined ? '' : text)).join('');
        }
        expect(markedText).toBe(words.repeat(matches.length));
      }),
    );
  });
});
