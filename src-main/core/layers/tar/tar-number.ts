import { TarProblem } from './tar-problem.ts';

const ZERO = 0x30;
const SEVEN = 0x37;
const BASE_256 = 0x80;
const BASE_256_NEGATIVE = 0xff;

/**
 * A number of a header: octal digits, or base-256 with its mark as GNU tar writes it (0x80 and two's complement
 * 0xff). An empty field is 0. What GNU tar complains of is refused, and so are the base-64 of its test versions and
 * digits behind the end of the number, which other programs read differently.
 * Spec: POSIX.1-1988 ustar; GNU tar manual, "Extensions to the archive format".
 * @throws {TarProblem} `bad-tar`
 */
export function readTarNumber(block: Uint8Array, start: number, length: number, what: string): number {
  const first = block[start] ?? 0;
  if (first === BASE_256 || first === BASE_256_NEGATIVE) return readBase256(block, start, length, what);
  return readOctal(block, start, start + length, what);
}

function readOctal(block: Uint8Array, start: number, end: number, what: string): number {
  let at = start;
  while (at < end && isSpace(block[at])) at += 1;
  if (at === end) throw new TarProblem('bad-tar', `blanks where a number is expected (${what})`);
  let value = 0;
  for (let digit = block[at]; at < end && digit !== undefined && isOctal(digit); digit = block[at]) {
    value = value * 8 + (digit - ZERO);
    at += 1;
  }
  for (; at < end; at += 1) {
    const byte = block[at];
    if (byte !== 0 && !isSpace(byte)) throw new TarProblem('bad-tar', `no number where one is expected (${what})`);
  }
  return value;
}

function readBase256(block: Uint8Array, start: number, length: number, what: string): number {
  const isNegative = block[start] === BASE_256_NEGATIVE;
  let value = isNegative ? -1n : 0n;
  for (const byte of block.subarray(start + 1, start + length)) value = value * 256n + BigInt(byte);
  if (BigInt.asIntN(64, value) !== value) throw new TarProblem('bad-tar', `a number beyond 64 bits (${what})`);
  return Number(value);
}

function isOctal(byte: number): boolean {
  return byte >= ZERO && byte <= SEVEN;
}

/** As C's isspace has it. */
function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
}
