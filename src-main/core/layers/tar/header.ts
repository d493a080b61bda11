import { TarProblem } from './tar-problem.ts';
import { readTarNumber } from './tar-number.ts';

export const BLOCK = 512;

const CHECKSUM_AT = 148;
const CHECKSUM_END = 156;
const BLANK = 0x20;
const PREFIX_AT = 345;

/** One header block as it stands, before what PAX and GNU headers say. The names are views into the block. */
export type TarHeader = {
  /** The byte as a character; NUL is given as `0`. */
  readonly typeFlag: string;
  /** Typeflag NUL: before POSIX, when a trailing slash made a directory. */
  readonly isOldStyle: boolean;
  readonly format: 'v7' | 'ustar' | 'gnu';
  readonly name: Uint8Array;
  readonly linkName: Uint8Array;
  readonly sizeBytes: number;
};

/** The part of a header that only entries have, read after it is known to be one. */
export type TarOwnership = {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly modifiedSeconds: number;
  readonly userName: Uint8Array;
  readonly groupName: Uint8Array;
};

/**
 * `zero` for a block of zeros, `valid` when the checksum is right, summed over unsigned bytes or, as some old programs
 * did, over signed ones.
 */
export function checkBlock(block: Uint8Array): 'zero' | 'valid' | 'invalid' {
  let sum = 0;
  for (let at = 0; at < BLOCK; at += 1) sum += block[at] ?? 0;
  if (sum === 0) return 'zero';
  for (let at = CHECKSUM_AT; at < CHECKSUM_END; at += 1) sum += BLANK - (block[at] ?? 0);
  const recorded = recordedChecksum(block);
  if (recorded === undefined) return 'invalid';
  return recorded === sum || recorded === signedSum(block, sum) ? 'valid' : 'invalid';
}

/** Always octal digits (GNU tar takes no base-256 here). */
function recordedChecksum(block: Uint8Array): number | undefined {
  if ((block[CHECKSUM_AT] ?? 0) >= 0x80) return undefined;
  try {
    return readTarNumber(block, CHECKSUM_AT, CHECKSUM_END - CHECKSUM_AT, 'checksum');
  } catch {
    return undefined;
  }
}

function signedSum(block: Uint8Array, unsigned: number): number {
  let sum = unsigned;
  for (let at = 0; at < BLOCK; at += 1) {
    const isChecksum = at >= CHECKSUM_AT && at < CHECKSUM_END;
    if (!isChecksum && (block[at] ?? 0) >= 0x80) sum -= 0x100;
  }
  return sum;
}

/** @throws {TarProblem} `bad-tar`; `ambiguous-tar` for GNU headers that some programs read as ustar */
export function readHeader(block: Uint8Array): TarHeader {
  const format = formatOf(block);
  const flag = block[156] ?? 0;
  return {
    typeFlag: flag === 0 ? '0' : String.fromCharCode(flag),
    isOldStyle: flag === 0,
    format,
    name: format === 'ustar' ? prefixedName(block) : text(block, 0, 100),
    linkName: text(block, 157, 100),
    sizeBytes: readTarNumber(block, 124, 12, 'size'),
  };
}

/** @throws {TarProblem} `bad-tar` */
export function readOwnership(block: Uint8Array, format: TarHeader['format']): TarOwnership {
  const hasNames = format !== 'v7';
  return {
    mode: readTarNumber(block, 100, 8, 'mode') & 0o7777,
    uid: owner(block, 108, 'uid'),
    gid: owner(block, 116, 'gid'),
    modifiedSeconds: readTarNumber(block, 136, 12, 'mtime'),
    userName: hasNames ? text(block, 265, 32) : NOTHING,
    groupName: hasNames ? text(block, 297, 32) : NOTHING,
  };
}

/** `major,minor`; V7 headers have no place for it. @throws {TarProblem} `bad-tar` */
export function readDevice(block: Uint8Array, format: TarHeader['format']): string {
  if (format === 'v7') return '0,0';
  return `${device(block, 329, 'major')},${device(block, 337, 'minor')}`;
}

const NOTHING = new Uint8Array(0);

function device(block: Uint8Array, start: number, what: string): number {
  const number = readTarNumber(block, start, 8, what);
  if (number < 0 || number > 0xff_ff_ff_ff) throw new TarProblem('bad-tar', `a ${what} number beyond 32 bits`);
  return number;
}

function owner(block: Uint8Array, start: number, what: string): number {
  const id = readTarNumber(block, start, 8, what);
  if (id < 0 || id > 0xff_ff_ff_ff) throw new TarProblem('bad-tar', `a ${what} beyond 32 bits`);
  return id;
}

/** `ustar` and NUL is POSIX, `ustar` and two blanks and NUL is GNU, anything else is older than both. */
function formatOf(block: Uint8Array): TarHeader['format'] {
  const isTar = block[257] === 0x75 && block[258] === 0x73 && block[259] === 0x74 && block[260] === 0x61;
  if (!isTar || block[261] !== 0x72) return 'v7';
  if (block[262] === 0) return 'ustar';
  if (block[262] !== BLANK || block[263] !== BLANK || block[264] !== 0) return 'v7';
  refuseGnuPrefix(block);
  return 'gnu';
}

/**
 * GNU headers have times where ustar has the prefix of the name. Go once wrote a prefix there, and reads one when it
 * finds no number; GNU tar never does.
 */
function refuseGnuPrefix(block: Uint8Array): void {
  if (block[PREFIX_AT] === 0) return;
  try {
    readTarNumber(block, PREFIX_AT, 12, 'atime');
    readTarNumber(block, PREFIX_AT + 12, 12, 'ctime');
  } catch {
    throw new TarProblem('ambiguous-tar', 'a GNU header with something else than times before its end');
  }
}

function prefixedName(block: Uint8Array): Uint8Array {
  const name = text(block, 0, 100);
  if (block[PREFIX_AT] === 0) return name;
  const prefix = text(block, PREFIX_AT, 155);
  const whole = new Uint8Array(prefix.length + 1 + name.length);
  whole.set(prefix);
  whole[prefix.length] = 0x2f;
  whole.set(name, prefix.length + 1);
  return whole;
}

/** Up to the first NUL. */
function text(block: Uint8Array, start: number, length: number): Uint8Array {
  let end = start;
  while (end < start + length && block[end] !== 0) end += 1;
  return block.subarray(start, end);
}
