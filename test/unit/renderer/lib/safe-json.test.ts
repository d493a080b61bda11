import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toSafeJson } from '#renderer/lib/safe-json.ts';

describe('JSON for the clipboard', () => {
  test('N02 hidden characters become escapes and are counted', () => {
    expect(toSafeJson('{"a":"x\u202Ey\u{E0041}"}')).toEqual({
      text: String.raw`{"a":"x\u202ey\udb40\udc41"}`,
      hiddenCount: 2,
    });
  });

  test('text without hidden characters stays byte for byte', () => {
    const text = '{\r\n\t"a": "é 漢 "\n}';
    expect(toSafeJson(text)).toEqual({ text, hiddenCount: 0 });
  });

  test('the value never changes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const text = JSON.stringify(value, null, 1);
        expect(JSON.parse(toSafeJson(text).text)).toEqual(JSON.parse(text));
      }),
    );
  });
});
