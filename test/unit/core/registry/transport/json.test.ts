import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonDepthExceeds, parseJson } from '#main/core/registry/transport/json.ts';
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
const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

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

  it('reads what JSON.stringify writes, or calls it too deep', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 8 })), (value) => {
        const text = JSON.stringify(value);
        expect(parse(text)).toEqual(JSON.parse(text));
      }),
    );
  });
});

describe('jsonDepthExceeds', () => {
  it('counts as deep as the value is, whatever its strings hold', () => {
    const text = fc.string({ unit: fc.constantFrom('{', '[', '"', '\\', '}', ']', 'a') });
    fc.assert(
      fc.property(fc.dictionary(text, fc.oneof(text, fc.array(fc.array(text)))), (value) => {
        const bytes = Buffer.from(JSON.stringify(value));
        const depth = depthOf(value);
        expect(jsonDepthExceeds(bytes, depth)).toBe(false);
        expect(jsonDepthExceeds(bytes, depth - 1)).toBe(true);
      }),
    );
  });

  it('is quick on two million levels (M07)', () => {
    expect(jsonDepthExceeds(Buffer.alloc(2_000_000, '['), 64)).toBe(true);
  });
});
