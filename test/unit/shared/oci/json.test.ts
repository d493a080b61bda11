import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonKey, MAX_JSON_DEPTH, parseJson, scanJson } from '#shared/oci/json.ts';
import { attempt } from '#test/support/attempt.ts';
import { bytesOf } from '#test/support/oci-builder.ts';

const kindOf = (bytes: Uint8Array): string | undefined => attempt(() => parseJson(bytes)).error?.kind;

/** How deep a value nests, by another way than counting brackets. */
function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

describe('parseJson', () => {
  it('parses 64 levels and refuses 65', () => {
    const nested = (levels: number): Uint8Array => bytesOf('['.repeat(levels) + ']'.repeat(levels));
    expect(kindOf(nested(MAX_JSON_DEPTH))).toBeUndefined();
    expect(kindOf(nested(MAX_JSON_DEPTH + 1))).toBe('too-deep');
  });

  it('refuses 2,000,000 levels of lists or objects before it parses (M07)', () => {
    expect(kindOf(bytesOf('['.repeat(2_000_000)))).toBe('too-deep');
    expect(kindOf(bytesOf('{"a":'.repeat(2_000_000)))).toBe('too-deep');
  });

  it('does not take brackets in strings for nesting', () => {
    const text = String.raw`["${'['.repeat(100)}\"${'{'.repeat(100)}\\"]`;
    expect(kindOf(bytesOf(text))).toBeUndefined();
  });

  it('agrees with the nesting of any value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ depthSize: 'large' }), (value) => {
        const wrapped = JSON.stringify(value);
        expect(kindOf(bytesOf(wrapped))).toBe(depthOf(value) > MAX_JSON_DEPTH ? 'too-deep' : undefined);
      }),
    );
  });

  it('answers any bytes with what JSON.parse says or an OciError', () => {
    const unit = fc.constantFrom('{', '}', '[', ']', '"', '\\', ':', ',', 'a', '1', ' ', '\u00e9');
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        const parsed = attempt(() => parseJson(bytesOf(text)));
        expect(parsed.ok ? JSON.stringify(parsed.value) : '').toBe(parsed.ok ? JSON.stringify(JSON.parse(text)) : '');
      }),
    );
  });

  it.each([
    ['invalid UTF-8', Uint8Array.of(0x22, 0xc3, 0x28, 0x22)],
    ['an encoded surrogate', Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22)],
    ['a byte order mark', Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x7d)],
    ['a NUL', bytesOf('{"a":"\0"}')],
    ['UTF-16', Uint8Array.of(0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00)],
    ['nothing', new Uint8Array()],
    ['HTML', bytesOf('<html></html>')],
    ['a comment', bytesOf('{} // x')],
    ['a broken escape in a key', bytesOf(String.raw`{"\u00zz":1}`)],
    ['an open string', bytesOf('{"a')],
    ['an open string that ends in a backslash', bytesOf('{"a\\')],
  ])('refuses %s (M17, M18)', (_name, bytes) => {
    expect(kindOf(bytes)).toBe('not-json');
  });

  it('keeps a lone surrogate that is escaped, for the view to show', () => {
    expect(parseJson(bytesOf(String.raw`"\ud800"`))).toBe('\uD800');
  });

  it('gives __proto__ as an own key and changes no prototype (M08)', () => {
    const value = parseJson(bytesOf('{"__proto__":{"polluted":true}}'));
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('scanJson', () => {
  const keysOf = (text: string, keyDepth: number): readonly string[] => {
    const keys: JsonKey[] = [];
    scanJson(text, { onKey: (key) => keys.push(key), keyDepth });
    return keys.map(({ name, depth, rootKey, object }) => `${depth} ${rootKey} ${object} ${name}`);
  };

  it('tells of every key with its place, twice where it is there twice', () => {
    expect(keysOf(String.raw`{"a":["x",{"b":1,"b":{"c":2}}], "\u0061" : {"d":"e"}}`, 3)).toEqual([
      '1 a 1 a',
      '3 a 2 b',
      '3 a 2 b',
      '1 a 1 a',
      '2 a 4 d',
    ]);
  });

  it('does not tell of keys below the depth asked for', () => {
    expect(keysOf('{"a":{"b":{"c":1}}}', 1)).toEqual(['1 a 1 a']);
  });
});
