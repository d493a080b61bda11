import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDigest } from '#shared/oci/digest.ts';
import { createChunkSizes, nextChunkBytes } from '#main/core/registry/remote/upload/chunk-sizes.ts';
import { HashTrail } from '#main/core/registry/remote/upload/hash-trail.ts';
import { minChunkBytes, receivedBytes } from '#main/core/registry/remote/upload/received.ts';
import { remedyFor } from '#main/core/registry/remote/upload/remedy.ts';
import { RegistryError, type RegistryFailure } from '#main/core/registry/transport/registry-error.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

describe('receivedBytes', () => {
  it.each([
    ['0-99', 100],
    ['bytes=0-99', 100],
    ['bytes 0-99', 100],
    ['0--1', 0],
    ['0-0', 0],
    ['1-99', undefined],
    ['0-', undefined],
    ['0-99/100', undefined],
    ['0-9999999999999999999', undefined],
    ['', undefined],
  ])('of %j is %s', (range, wanted) => {
    expect(receivedBytes({ range }, 500)).toBe(wanted);
  });

  it('takes 0-0 for one byte only where one was sent', () => {
    expect(receivedBytes({ range: '0-0' }, 1)).toBe(1);
    expect(receivedBytes({ range: '0-0' }, 0)).toBe(0);
    expect(receivedBytes({ range: '0-0' }, 2)).toBe(0);
  });

  it('believes no header that comes twice, and never throws', () => {
    expect(receivedBytes({ range: ['0-9', '0-9'] }, 10)).toBeUndefined();
    expect(receivedBytes({}, 10)).toBeUndefined();
    const soup = fc.string({ unit: fc.constantFrom(...Array.from('0123-bytes= /*')), maxLength: 30 });
    fc.assert(
      fc.property(soup, (range) => {
        const received = receivedBytes({ range }, 7);
        expect(received === undefined || (Number.isSafeInteger(received) && received >= 0)).toBe(true);
      }),
    );
  });
});

describe('minChunkBytes', () => {
  it.each([
    [undefined, 0],
    ['1048576', MIB],
    ['-5', 0],
    ['abc', 0],
    ['999999999999', 1024 * MIB],
  ])('of %s is %i', (value, wanted) => {
    expect(minChunkBytes({ 'oci-chunk-min-length': value })).toBe(wanted);
  });
});

describe('nextChunkBytes', () => {
  const of = (taken: number, more: { refusedBytes?: number; leastBytes?: number; wanted?: number } = {}) => {
    const { refusedBytes, leastBytes = 0, wanted } = more;
    return nextChunkBytes({ refusedBytes }, { taken, leastBytes, wanted });
  };

  it('stays below 4 MiB at first, and doubles after each that was taken, up to 64 MiB', () => {
    expect([0, 1, 2, 3, 4, 5, 50].map((taken) => of(taken) / MIB)).toEqual([3, 6, 12, 24, 48, 64, 64]);
  });

  it('is half of what was refused at most, at least what the registry asks for, and what the person wants', () => {
    expect(of(9, { refusedBytes: 5 * MIB })).toBe(2.5 * MIB);
    expect(of(0, { leastBytes: 5 * MIB })).toBe(5 * MIB);
    expect(of(7, { wanted: 300 })).toBe(300);
    expect(of(7, { wanted: 300, leastBytes: 500 })).toBe(500);
    expect(of(0, { refusedBytes: 1 })).toBe(1);
  });

  it('is remembered for a registry, down to 64 KiB', () => {
    const sizes = createChunkSizes();
    expect([MIB, 512 * KIB, 128 * KIB, 127 * KIB].map((bytes) => sizes.refuse(bytes))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(sizes.refusedBytes).toBe(127 * KIB);
  });
});

describe('HashTrail', () => {
  const digest = parseDigest(`sha256:${'0'.repeat(64)}`);

  it('goes back as far as it is told, or a little further, and hashes as if it never had', () => {
    const piece = Buffer.alloc(MIB, 7);
    const steps = fc.array(fc.record({ mib: fc.nat({ max: 20 }), back: fc.nat({ max: 40 }) }), { maxLength: 6 });
    fc.assert(
      fc.property(steps, (moves) => {
        const trail = new HashTrail(digest);
        for (const { mib, back } of moves) {
          for (let count = 0; count < mib; count += 1) trail.update(piece);
          const target = Math.min(trail.position, back * MIB);
          trail.rewind(target);
          expect(trail.position).toBeLessThanOrEqual(target);
          expect(target - trail.position).toBeLessThan(16 * MIB);
        }
        const whole = createHash('sha256').update(Buffer.alloc(trail.position, 7)).digest('hex');
        expect(trail.digest()).toBe(`sha256:${whole}`);
      }),
      { numRuns: 20 },
    );
  });

  it('goes back exactly to a place that was marked', () => {
    const trail = new HashTrail(digest);
    trail.update(Buffer.alloc(1000));
    trail.mark();
    const before = trail.digest();
    trail.update(Buffer.alloc(500));
    trail.rewind(1200);
    expect([trail.position, trail.digest()]).toEqual([1000, before]);
  });
});

describe('remedyFor', () => {
  const failed = (failure: RegistryFailure, status?: number) =>
    new RegistryError(failure, {
      method: 'PUT',
      url: '',
      hop: 'registry',
      ...(status === undefined ? {} : { status }),
    });
  const answered = (status: number, code?: string) =>
    failed({ kind: 'registry', status, codes: code === undefined ? [] : [{ code, message: '' }] }, status);
  const network = (reason: 'reset' | 'timeout' | 'refused') =>
    failed({ kind: 'network', reason, host: '', detail: '' });

  it.each([
    ['413', answered(413), 'smaller'],
    ['416', answered(416), 'ask'],
    ['a session that is gone', failed({ kind: 'not-found', what: 'blob', codes: [] }, 404), 'ask'],
    ['400 about the range', answered(400, 'RANGE_INVALID'), 'ask'],
    ['400 about the digest', answered(400, 'DIGEST_INVALID'), 'read-anew'],
    ['400 about anything else', answered(400, 'NAME_INVALID'), 'give-up'],
    ['503', answered(503), 'wait-and-ask'],
    ['429', failed({ kind: 'rate-limited', codes: [] }, 429), 'wait-and-ask'],
    ['a reset', network('reset'), 'wait-and-ask'],
    ['a receiver that takes nothing', network('timeout'), 'wait-and-ask'],
    ['a registry that starts anew', network('refused'), 'wait-and-ask'],
    ['403', failed({ kind: 'forbidden', codes: [] }, 403), 'give-up'],
    ['401', failed({ kind: 'unauthorized', hadCredential: true, codes: [] }, 401), 'give-up'],
    ['another digest in a 201', failed({ kind: 'digest-mismatch', expected: '', actual: '' }, 201), 'give-up'],
    ['something else', new Error('other'), 'give-up'],
  ])('%s is %s', (_name, error, remedy) => {
    expect(remedyFor(error, { isSource: false })).toBe(remedy);
  });

  it('reads a source with wrong bytes once more, and gives up for all else that a source fails with', () => {
    const wrong = failed({ kind: 'digest-mismatch', expected: '', actual: '' });
    expect(remedyFor(wrong, { isSource: true })).toBe('read-anew');
    expect(remedyFor(network('reset'), { isSource: true })).toBe('give-up');
  });
});
