import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '#main/core/registry/transport/json.ts';
import { RegistryError } from '#main/core/registry/transport/registry-error.ts';

const trace = { method: 'GET', url: 'https://registry.test/', hop: 'registry' } as const;
const parse = (bytes: Buffer | string): unknown => {
  try {
    return parseJson(Buffer.from(bytes), trace);
  } catch (error) {
    if (error instanceof RegistryError && error.failure.kind === 'protocol') return error.failure.reason;
    throw error;
  }
};
describe('parseJson', () => {
  it.each([
    ['', 'empty'],
    [' \r\n\t', 'empty'],
    ['\uFEFF', 'empty'],
    [' <html>', 'html'],
    ['"text"', 'not-json'],
    ['{"a":1', 'not-json'],
    ['{a:1}', 'not-json'],
    [Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 'not-json'],
  ])('refuses %j', (text, reason) => {
    expect(parse(text)).toBe(reason);
  });

  it('passes over a byte order mark', () => {
    expect(parse('\uFEFF{"a":1}')).toEqual({ a: 1 });
  });

  it('refuses two million levels (M07)', () => {
    expect(parse(`{"a":${'['.repeat(2_000_000)}}`)).toBe('too-deep');
  });

  it('reads what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 8 })), (value) => {
        const text = JSON.stringify(value);
        expect(parse(text)).toEqual(JSON.parse(text));
      }),
    );
  });
});
