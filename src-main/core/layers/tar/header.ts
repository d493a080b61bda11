import {
  BLOCK_BYTES,
  FIELD,
  type Field,
  formatOf as magicOf,
  isAll,
  numberAt,
  sumOf,
  textAt,
  TYPE_FLAG_AT,
} from '../../tar/header-fields.ts';
import { TarProblem } from './tar-problem.ts';
import { readTarNumber } from './tar-number.ts';

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
  const sum = sumOf(block);
  const { start, end } = FIELD.checksum;
  if (sum === EMPTY_SUM && isAll(block, start, end, 0)) return 'zero';
  // Always octal digits (GNU tar takes no base-256 here).
  const recorded = (block[start] ?? 0) >= 0x80 ? undefined : numberAt(block, FIELD.checksum);
  if (recorded === undefined) return 'invalid';
  return recorded === sum || recorded === signedSum(block, sum) ? 'valid' : 'invalid';
}

/** Of nothing but zeros, the checksum taken as blanks. */
const EMPTY_SUM = 8 * 0x20;

function signedSum(block: Uint8Array, unsigned: number): number {
  const { start, end } = FIELD.checksum;
  let sum = unsigned;
  for (let at = 0; at < BLOCK_BYTES; at += 1) {
    const isChecksum = at >= start && at < end;
    if (!isChecksum && (block[at] ?? 0) >= 0x80) sum -= 0x100;
  }
  return sum;
}

/** @throws {TarProblem} `bad-tar`; `ambiguous-tar` for GNU headers that some programs read as ustar */
export function readHeader(block: Uint8Array): TarHeader {
  const format = formatOf(block);
  const flag = block[TYPE_FLAG_AT] ?? 0;
  return {
    typeFlag: flag === 0 ? '0' : String.fromCharCode(flag),
    isOldStyle: flag === 0,
    format,
    name: format === 'ustar' ? prefixedName(block) : textAt(block, FIELD.name),
    linkName: textAt(block, FIELD.linkName),
    sizeBytes: readTarNumber(block, FIELD.size, 'size'),
  };
}

/** @throws {TarProblem} `bad-tar` */
export function readOwnership(block: Uint8Array, format: TarHeader['format']): TarOwnership {
  const hasNames = format !== 'v7';
  return {
    mode: readTarNumber(block, FIELD.mode, 'mode') & 0o7777,
    uid: owner(block, FIELD.uid, 'uid'),
    gid: owner(block, FIELD.gid, 'gid'),
    modifiedSeconds: readTarNumber(block, FIELD.mtime, 'mtime'),
    userName: hasNames ? textAt(block, FIELD.userName) : NOTHING,
    groupName: hasNames ? textAt(block, FIELD.groupName) : NOTHING,
  };
}

/** `major,minor`; V7 headers have no place for it. @throws {TarProblem} `bad-tar` */
export function readDevice(block: Uint8Array, format: TarHeader['format']): string {
  if (format === 'v7') return '0,0';
  return `${device(block, FIELD.major, 'major')},${device(block, FIELD.minor, 'minor')}`;
}

const NOTHING = new Uint8Array(0);

function device(block: Uint8Array, field: Field, what: string): number {
  const number = readTarNumber(block, field, what);
  if (number < 0 || number > 0xff_ff_ff_ff) throw new TarProblem('bad-tar', `a ${what} number beyond 32 bits`);
  return number;
}

function owner(block: Uint8Array, field: Field, what: string): number {
  const id = readTarNumber(block, field, what);
  if (id < 0 || id > 0xff_ff_ff_ff) throw new TarProblem('bad-tar', `a ${what} beyond 32 bits`);
  return id;
}

/** What has no mark that is known is older than marks. @throws {TarProblem} as `readHeader` */
function formatOf(block: Uint8Array): TarHeader['format'] {
  const format = magicOf(block) ?? 'v7';
  if (format === 'gnu') refuseGnuPrefix(block);
  return format;
}

/**
 * GNU headers have times where ustar has the prefix of the name. Go once wrote a prefix there, and reads one when it
 * finds no number; GNU tar never does.
 */
function refuseGnuPrefix(block: Uint8Array): void {
  if (block[FIELD.prefix.start] === 0) return;
  if (numberAt(block, FIELD.atime) === undefined || numberAt(block, FIELD.ctime) === undefined) {
    throw new TarProblem('ambiguous-tar', 'a GNU header with something else than times before its end');
  }
}

function prefixedName(block: Uint8Array): Uint8Array {
  const name = textAt(block, FIELD.name);
  if (block[FIELD.prefix.start] === 0) return name;
  const prefix = textAt(block, FIELD.prefix);
  const whole = new Uint8Array(prefix.length + 1 + name.length);
  whole.set(prefix);
  whole[prefix.length] = 0x2f;
  whole.set(name, prefix.length + 1);
  return whole;
}
