import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displaySegments, displayText } from '#shared/oci/display-text.ts';

describe('displayText', () => {
  it.each([
    ['RLO', 'a\u202Eb', String.raw`a\u202Eb`],
    ['isolates', '\u2066x\u2069', String.raw`\u2066x\u2069`],
    ['ESC', '\u001B[31mred', String.raw`\u001B[31mred`],
    ['C1', '\u009B31m', String.raw`\u009B31m`],
    ['NUL', 'a\0b', String.raw`a\u0000b`],
    ['line breaks', 'a\r\nb\tc', String.raw`a\r\nb\tc`],
    ['line separators', '\u2028\u2029', String.raw`\u2028\u2029`],
    ['zero width', 'la\u200Btest\u200D\uFEFF', String.raw`la\u200Btest\u200D\uFEFF`],
    ['soft hyphen', 'a\u00ADb', String.raw`a\u00ADb`],
    ['no-break space', 'a\u00A0b', String.raw`a\u00A0b`],
    ['hangul filler', '\u3164', String.raw`\u3164`],
    ['blank braille', '\u2800', String.raw`\u2800`],
    ['variation selector', 'a\uFE0F', String.raw`a\uFE0F`],
    ['tag characters', '\u{E0041}', String.raw`\u{E0041}`],
    ['lone surrogates', '\uD800x\uDFFF', String.raw`\uD800x\uDFFF`],
  ])('shows %s as escapes (N02)', (_name, text, expected) => {
    expect(displayText(text)).toBe(expected);
  });

  it.each(['v1.27.3', 'a b', '<img onerror=x>', 'größe', '日本語', 'שלום', '🚀', String.raw`C:\app`])(
    'leaves %s',
    (text) => {
      expect(displayText(text)).toBe(text);
    },
  );

  it('keeps line feeds and tabs of a block, but no carriage return', () => {
    expect(displayText('a\n\tb\r\n\u200B', { multiline: true })).toBe('a\n\tb\\r\n\\u200B');
  });

  it('leaves no character of a hidden kind in any text (N02)', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(displayText(text)).not.toMatch(/(?! )[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u);
      }),
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(displayText(displayText(text))).toBe(displayText(text));
      }),
    );
  });
});

describe('displaySegments', () => {
  it('sets escapes apart from text that only looks like one', () => {
    expect(displaySegments('\\u202E\u202E\u200Bx')).toEqual([
      { text: '\\u202E', escaped: false },
      { text: '\\u202E\\u200B', escaped: true },
      { text: 'x', escaped: false },
    ]);
  });

  it('has nothing for an empty text', () => {
    expect(displaySegments('')).toEqual([]);
  });
});
