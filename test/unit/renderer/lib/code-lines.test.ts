import { array, assert as check, property, record, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeRows } from '#renderer/lib/code-lines.ts';

const textOf = (rows: ReturnType<typeof codeRows>) =>
  rows.map(({ number, tokens }) => [number, tokens.map(({ text }) => text).join('')]);

describe('codeRows', () => {
  it('makes a row of each line and keeps the colours of what spans several', () => {
    const rows = codeRows([{ text: 'a ' }, { text: '/* b\r\nc */', kind: 'comment' }, { text: '\n\nd\n' }]);
    expect(rows).toEqual([
      { number: 1, tokens: [{ text: 'a ' }, { text: '/* b', kind: 'comment' }] },
      { number: 2, tokens: [{ text: 'c */', kind: 'comment' }] },
      { number: 3, tokens: [] },
      { number: 4, tokens: [{ text: 'd' }] },
    ]);
    expect(textOf(codeRows([{ text: '' }]))).toEqual([[1, '']]);
  });

  it('cuts a line of any length into rows, and loses nothing', () => {
    const pieces = array(
      record({
        text: string({ unit: 'grapheme', maxLength: 3000 }).map((text) => text.replaceAll(/[\r\n]/g, '')),
      }),
    );
    check(
      property(pieces, (tokens) => {
        const rows = codeRows(tokens);
        expect(rows.map(({ tokens: row }) => row.map(({ text }) => text).join('')).join('')).toBe(
          tokens.map(({ text }) => text).join(''),
        );
        for (const { tokens: row } of rows) {
          const text = row.map((token) => token.text).join('');
          expect(text.length).toBeLessThanOrEqual(1000);
          expect(text.isWellFormed()).toBe(true);
        }
        expect(rows.filter(({ number }) => number !== undefined)).toHaveLength(1);
      }),
    );
  });
});
