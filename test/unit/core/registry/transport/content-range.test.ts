import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPartOfBlob } from '#main/core/registry/transport/content-range.ts';

const rest = (startByte: number, sizeBytes: number) => ({ startByte, endByte: sizeBytes, sizeBytes });

describe('isPartOfBlob', () => {
  const size = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });

  it('takes exactly the rest, with the size or without', () => {
    fc.assert(
      fc.property(size, fc.nat(), fc.boolean(), (sizeBytes, seed, isTold) => {
        const start = seed % sizeBytes;
        const line = `bytes ${start}-${sizeBytes - 1}/${isTold ? sizeBytes : '*'}`;
        const length = { 'content-length': String(sizeBytes - start) };
        expect(isPartOfBlob({ 'content-range': line }, rest(start, sizeBytes))).toBe(true);
        expect(isPartOfBlob({ 'content-range': line, ...length }, rest(start, sizeBytes))).toBe(true);
      }),
    );
  });

  it('takes exactly a part in the middle', () => {
    const headers = { 'content-range': 'bytes 3-5/10' };
    expect(isPartOfBlob(headers, { startByte: 3, endByte: 6, sizeBytes: 10 })).toBe(true);
    expect(isPartOfBlob(headers, { startByte: 3, endByte: 7, sizeBytes: 10 })).toBe(false);
    expect(isPartOfBlob({ ...headers, 'content-length': '4' }, { startByte: 3, endByte: 6, sizeBytes: 10 })).toBe(
      false,
    );
  });

  it('takes no other numbers (B05, FI04)', () => {
    const near = fc.integer({ min: -2, max: 2 });
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 1e9 }), fc.nat(), near, near, near, (sizeBytes, seed, a, b, c) => {
        fc.pre(a !== 0 || b !== 0 || c !== 0);
        const start = 2 + (seed % (sizeBytes - 5));
        const line = `bytes ${start + a}-${sizeBytes - 1 + b}/${sizeBytes + c}`;
        expect(isPartOfBlob({ 'content-range': line }, rest(start, sizeBytes))).toBe(false);
      }),
    );
  });

  it('takes no other text, and never throws (B05)', () => {
    const soup = fc.string({ unit: fc.constantFrom(...Array.from('bytes 0123-/*,=\t')), maxLength: 40 });
    fc.assert(
      fc.property(soup, (line) => {
        const isIt = isPartOfBlob({ 'content-range': line }, rest(3, 10));
        expect(isIt).toBe(/^\s*bytes 0*3-0*9\/(?:0*10|\*)\s*$/.test(line));
      }),
    );
  });

  it.each([
    ['two lines', { 'content-range': ['bytes 3-9/10', 'bytes 3-9/10'] }],
    ['none', {}],
    ['several parts', { 'content-range': 'bytes 3-9/10', 'content-type': 'multipart/byteranges; boundary=b' }],
    ['another length', { 'content-range': 'bytes 3-9/10', 'content-length': '6' }],
  ])('refuses %s (B05)', (_name, headers) => {
    expect(isPartOfBlob(headers, rest(3, 10))).toBe(false);
  });
});
