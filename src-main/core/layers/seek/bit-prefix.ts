/**
 * zlib in Node begins at whole bytes, and a deflate block at any bit. So empty blocks are put before it, of a length in
 * bits that brings the first real bit to where it was in its byte.
 * Spec: RFC 1951, 3.2.
 */

/** BFINAL 0, BTYPE 01 and the code for the end of the block: ten bits, all but one of them 0. */
const EMPTY_FIXED: readonly number[] = [0, 1, 0, 0, 0, 0, 0, 0, 0, 0];

/**
 * BFINAL 0, BTYPE 10: an empty block whose codes are given: 91 bits, an odd number. Two lengths of codes are used, 1 and
 * "many zeros" (18), one bit each; the codes are those of a literal that never comes, of the end, and of one distance.
 */
const EMPTY_DYNAMIC: readonly number[] = [
  0,
  ...number(2, 2),
  ...number(0, 5),
  ...number(0, 5),
  ...number(14, 4),
  // 16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1
  ...[0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1].flatMap((length) => number(length, 3)),
  // A literal, 138 and 117 times none, the end, and a distance.
  0,
  1,
  ...number(138 - 11, 7),
  1,
  ...number(117 - 11, 7),
  0,
  0,
  // The end.
  1,
];

/** `bits` of `hold` are left of the byte before: gives the bytes that have to stand before the whole ones. */
export function bitPrefix(bits: number, hold: number): Buffer {
  if (bits === 0) return Buffer.alloc(0);
  const all: number[] = bits % 2 === 0 ? [] : [...EMPTY_DYNAMIC];
  while ((all.length + bits) % 8 !== 0) all.push(...EMPTY_FIXED);
  all.push(...number(hold, bits));
  const bytes = Buffer.alloc(all.length / 8);
  for (const [at, bit] of all.entries()) bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (bit << (at & 7));
  return bytes;
}

/** Numbers are packed from their lowest bit on. */
function number(value: number, bits: number): readonly number[] {
  return Array.from({ length: bits }, (_, at) => (value >> at) & 1);
}
