import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestAlgorithm, digestHex, isDigest, parseDigest, shortDigest } from '#shared/oci/digest.ts';
import { attempt } from '#test/support/attempt.ts';

const valid = fc.oneof(fc.stringMatching(/^sha256:[0-9a-f]{64}$/), fc.stringMatching(/^sha512:[0-9a-f]{128}$/));

describe('parseDigest', () => {
  it('keeps a digest as it is, and its parts make it up', () => {
    fc.assert(
      fc.property(valid, (text) => {
        const digest = parseDigest(text);
        expect(`${digestAlgorithm(digest)}:${digestHex(digest)}`).toBe(text);
        expect(digestHex(digest).startsWith(shortDigest(digest))).toBe(true);
      }),
    );
  });

  it('refuses a digest with any one character changed to a foreign one', () => {
    fc.assert(
      fc.property(valid, fc.nat(), fc.constantFrom('/', '.', 'G', 'A', ' ', '\n', '\0', '%'), (text, at, foreign) => {
        const index = at % text.length;
        expect(isDigest(text.slice(0, index) + foreign + text.slice(index + 1))).toBe(false);
      }),
    );
  });

  it.each([
    'sha256:../../x',
    `sha256:${'a'.repeat(63)}`,
    `sha256:${'a'.repeat(65)}`,
    `sha256:${'A'.repeat(64)}`,
    `SHA256:${'a'.repeat(64)}`,
    `md5:${'a'.repeat(32)}`,
    `sha512:${'a'.repeat(64)}`,
    `sha256:${'a'.repeat(64)}\n`,
    '',
  ])('refuses %j (M09)', (text) => {
    expect(attempt(() => parseDigest(text)).error?.kind).toBe('digest-syntax');
  });
});
