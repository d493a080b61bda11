import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRestOfBlob } from '#main/core/registry/transport/content-range.ts';

describe('isRestOfBlob', () => {
  const size = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });

  it('takes exactly the rest, with the size or without', () => {
    fc.assert(
      fc.property(size, fc.nat(), fc.boolean(), (sizeBytes, seed, isTold) => {
        const start = seed % sizeBytes;
        const line = `bytes ${start}-${sizeBytes - 1}/${isTold ? sizeBytes : '*'}`;
        const length = { 'content-length': String(sizeBytes - start) };
        expect(isRestOfBlob({ 'content-range': line }, start, sizeBytes)).toBe(true);
        expect(isRestOfBlob({ 'content-range': line, ...length }, start, sizeBytes)).toBe(true);
      }),
    );
  });

  it('takes no other numbers (B05, FI04)', () => {
    const near = fc.integer({ min: -2, max: 2 });
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 1e9 }), fc.nat(), near, near, near, (sizeBytes, seed, a, b, c) => {
        fc.pre(a !== 0 || b !== 0 || c !== 0);
        const start = 2 + (seed % (sizeBytes - 5));
        const line = `bytes ${start + a}-${sizeBytes - 1 + b}/${sizeBytes + c}`;
        expect(isRestOfBlob({ 'content-range': line }, start, sizeBytes)).toBe(false);
      }),
    );
  });

  it('takes no other text, and never throws (B05)', () => {
    const soup = fc.string({ unit: fc.constantFrom(...Array.from('bytes 0123-/*,=\t')), maxLength: 40 });
    fc.assert(
      fc.property(soup, (line) => {
        const isIt = isRestOfBlob({ 'content-range': line }, 3, 10);
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
    expect(isRestOfBlob(headers, 3, 10)).toBe(false);
  });
});
