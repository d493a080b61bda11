/** Tars are made of these. Spec: POSIX.1-2017, pax, "ustar Interchange Format". */
export const BLOCK_BYTES = 512;

/** Where fields are in a header block, and where they end. */
export const FIELD = {
  name: { start: 0, end: 100 },
  mode: { start: 100, end: 108 },
  uid: { start: 108, end: 116 },
  gid: { start: 116, end: 124 },
  size: { start: 124, end: 136 },
  mtime: { start: 136, end: 148 },
  checksum: { start: 148, end: 156 },
  linkName: { start: 157, end: 257 },
  userName: { start: 265, end: 297 },
  groupName: { start: 297, end: 329 },
  major: { start: 329, end: 337 },
  minor: { start: 337, end: 345 },
  prefix: { start: 345, end: 500 },
  /** GNU's, in place of the prefix. */
  atime: { start: 345, end: 357 },
  ctime: { start: 357, end: 369 },
} as const;
export type Field = { readonly start: number; readonly end: number };

export const TYPE_FLAG_AT = 156;
const MAGIC_AT = 257;
const MAGIC_END = 265;
const BLANK = 0x20;
const ZERO = 0x30;
const SEVEN = 0x37;
const BASE_256 = 0x80;
const BASE_256_NEGATIVE = 0xff;

/** `ustar` and NUL is POSIX, `ustar` and two blanks and NUL is GNU, NULs are older than both; undefined for all else. */
export function formatOf(block: Uint8Array): 'ustar' | 'gnu' | 'v7' | undefined {
  if (block[MAGIC_AT] === 0) return isAll(block, MAGIC_AT, MAGIC_END, 0) ? 'v7' : undefined;
  const isTar = block[257] === 0x75 && block[258] === 0x73 && block[259] === 0x74 && block[260] === 0x61;
  if (!isTar || block[261] !== 0x72) return undefined;
  if (block[262] === 0) return 'ustar';
  return block[262] === BLANK && block[263] === BLANK && block[264] === 0 ? 'gnu' : undefined;
}

/** The sum that a header states of itself: of all its bytes, with its own eight taken as blanks. */
export function sumOf(block: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < BLOCK_BYTES; at += 1) sum += block[at] ?? 0;
  for (let at = FIELD.checksum.start; at < FIELD.checksum.end; at += 1) sum += BLANK - (block[at] ?? 0);
  return sum;
}

export function isAll(block: Uint8Array, start: number, end: number, byte: number): boolean {
  for (let at = start; at < end; at += 1) if (block[at] !== byte) return false;
  return true;
}

/** Up to the first NUL, as a view. */
export function textAt(block: Uint8Array, { start, end }: Field): Uint8Array {
  let at = start;
  while (at < end && block[at] !== 0) at += 1;
  return block.subarray(start, at);
}

/**
 * Octal digits, or base 256 with its mark as GNU tar writes it (0x80, and two's complement 0xff). An empty field is 0.
 * Undefined for what GNU tar complains of, for the base 64 of its test versions, for digits behind the end of the
 * number, which other programs read differently, and beyond 64 bits. From 2^53 on it is rounded.
 * Spec: POSIX.1-1988 ustar; GNU tar manual, "Extensions to the archive format".
 */
export function numberAt(block: Uint8Array, { start, end }: Field): number | undefined {
  const first = block[start] ?? 0;
  if (first === BASE_256 || first === BASE_256_NEGATIVE) return readBase256(block, start, end);
  return readOctal(block, start, end);
}

function readOctal(block: Uint8Array, start: number, end: number): number | undefined {
  let at = start;
  while (at < end && isSpace(block[at])) at += 1;
  if (at === end) return undefined;
  let value = 0;
  for (let digit = block[at]; at < end && digit !== undefined && isOctal(digit); digit = block[at]) {
    value = value * 8 + (digit - ZERO);
    at += 1;
  }
  for (; at < end; at += 1) {
    const byte = block[at];
    if (byte !== 0 && !isSpace(byte)) return undefined;
  }
  return value;
}

function readBase256(block: Uint8Array, start: number, end: number): number | undefined {
  let value = block[start] === BASE_256_NEGATIVE ? -1n : 0n;
  for (const byte of block.subarray(start + 1, end)) value = value * 256n + BigInt(byte);
  return BigInt.asIntN(64, value) === value ? Number(value) : undefined;
}

function isOctal(byte: number): boolean {
  return byte >= ZERO && byte <= SEVEN;
}

/** As C's isspace has it. */
function isSpace(byte: number | undefined): boolean {
  return byte === BLANK || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
}
