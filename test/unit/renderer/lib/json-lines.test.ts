import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joinLines, prettyJsonLines, sentLines } from '#renderer/lib/json-lines.ts';

const DIGEST = `sha256:${'0a'.repeat(32)}`;

/** The text without white space between tokens. */
function squeeze(text: string): string {
  return text.replaceAll(/"(?:[^"\\]|\\.)*"|\s+/g, (part) => (part.startsWith('"') ? part : ''));
}

describe('pretty JSON', () => {
  test('is laid out one value a line, empty containers closed at once', () => {
    const text = '{"a":[1,{"b":[]}],"c":{},"d":null}';
    expect(joinLines(prettyJsonLines(text) ?? [])).toBe(
      ['{', '  "a": [', '    1,', '    {', '      "b": []', '    }', '  ],', '  "c": {},', '  "d": null', '}'].join(
        '\n',
      ),
    );
  });

  test('numbers and escapes are never rewritten', () => {
    const text = String.raw`[1.0,1e5,123456789012345678901234567890,-0,"\u202e\/é"]`;
    expect(squeeze(joinLines(prettyJsonLines(text) ?? []))).toBe(text);
  });

  test('repeated keys are all kept', () => {
    expect(squeeze(joinLines(prettyJsonLines('{"a":1,"a":2}') ?? []))).toBe('{"a":1,"a":2}');
  });

  test('text that is not JSON has no pretty form', () => {
    expect(['', '{', '{"a":1,}', '// a\n1', 'NaN'].map(prettyJsonLines)).toEqual(Array(5).fill(undefined));
  });

  test('digests and media types are told from other strings, and from keys', () => {
    const text = JSON.stringify({ [DIGEST]: DIGEST, m: 'application/vnd.oci.image.index.v1+json', s: 'x/y', n: 3 });
    const kinds = (prettyJsonLines(text) ?? []).flat().filter(({ kind }) => kind !== 'punctuation' && kind !== 'space');
    expect(kinds.map(({ kind }) => kind)).toEqual([
      'key',
      'digest',
      'key',
      'media-type',
      'key',
      'string',
      'key',
      'number',
    ]);
  });

  test('any JSON keeps every lexeme, and its value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2, '\t'), (value, space) => {
        const text = JSON.stringify(value, null, space);
        const pretty = joinLines(prettyJsonLines(text) ?? []);
        expect(squeeze(pretty)).toBe(squeeze(text));
        expect(JSON.parse(pretty)).toEqual(JSON.parse(text));
      }),
    );
  });
});

describe('lines as sent', () => {
  test('any JSON is shown with its own white space', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 3, '\t'), (value, space) => {
        const text = JSON.stringify(value, null, space);
        expect(joinLines(sentLines(text))).toBe(text);
      }),
    );
  });

  test('a key is a key with space before its colon', () => {
    expect(sentLines('{"a" \n: 1}').flat()[1]).toEqual({ kind: 'key', text: '"a"' });
  });

  test('text that is not JSON is shown line by line', () => {
    expect(joinLines(sentLines('<html>\r\n\r\nx'))).toBe('<html>\n\nx');
  });
});
