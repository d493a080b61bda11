import { BLOCK_BYTES, type Field } from '../../tar/header-fields.ts';
import { readTarNumber } from './tar-number.ts';
import { TarProblem } from './tar-problem.ts';

/** Where the stored bytes of a sparse file belong: offset and length, again and again. Between them are zeros. */
export type SparseMap = readonly number[];

const MAX_SEGMENTS = 65_536;
const NEWLINE = 0x0a;
const OLD_FIRST_AT = 386;
const OLD_FIRST_COUNT = 4;
const OLD_IS_EXTENDED_AT = 482;
const OLD_REAL_SIZE_AT = 483;
const OLD_MORE_COUNT = 21;
const OLD_MORE_EXTENDED_AT = 504;
const OLD_PAIR = 24;
const FIELD_BYTES = 12;

/** What an old GNU sparse header (typeflag S) says: the size it expands to, the map so far, and whether it goes on. */
export type OldSparseHeader = {
  readonly realBytes: number;
  readonly map: readonly number[];
  readonly isExtended: boolean;
};

/** @throws {TarProblem} `bad-tar` */
export function readOldSparseHeader(block: Uint8Array): OldSparseHeader {
  return {
    realBytes: readTarNumber(block, fieldAt(OLD_REAL_SIZE_AT), 'real size'),
    map: readOldPairs(block, OLD_FIRST_AT, OLD_FIRST_COUNT),
    isExtended: block[OLD_IS_EXTENDED_AT] !== 0,
  };
}

/** One of the blocks that go on with the map. @throws {TarProblem} `bad-tar` */
export function readOldSparseExtension(block: Uint8Array): Pick<OldSparseHeader, 'map' | 'isExtended'> {
  return { map: readOldPairs(block, 0, OLD_MORE_COUNT), isExtended: block[OLD_MORE_EXTENDED_AT] !== 0 };
}

/** The first pair whose length field is empty ends the list. */
function readOldPairs(block: Uint8Array, start: number, count: number): readonly number[] {
  const map: number[] = [];
  for (let at = start; at < start + count * OLD_PAIR; at += OLD_PAIR) {
    if (block[at + FIELD_BYTES] === 0) break;
    const [offset, length] = [fieldAt(at), fieldAt(at + FIELD_BYTES)];
    map.push(readTarNumber(block, offset, 'sparse map'), readTarNumber(block, length, 'sparse map'));
  }
  return map;
}

/**
 * The map that stands before the data in PAX sparse format 1.0: decimal lines, the count first, filled up to a block.
 * Undefined while `bytes` (whole blocks) do not hold all of it yet. @throws {TarProblem} `bad-tar`
 */
export function readTextMap(bytes: Uint8Array): SparseMap | undefined {
  const numbers: number[] = [];
  let wanted = 1;
  let start = 0;
  while (numbers.length < wanted) {
    const end = bytes.indexOf(NEWLINE, start);
    if (end === -1) return undefined;
    numbers.push(readDecimal(bytes.subarray(start, end), 'sparse map'));
    start = end + 1;
    if (numbers.length === 1) wanted = 1 + 2 * boundedCount(numbers[0] ?? 0);
  }
  return numbers.slice(1);
}

/** How many blocks a text map of that length may at most take: with it nobody makes us collect for ever. */
export const MAX_TEXT_MAP_BYTES: number = 2 * 1024 * BLOCK_BYTES;

/** @throws {TarProblem} `bad-tar` */
export function readDecimal(bytes: Uint8Array, what: string): number {
  const isNumber = bytes.length > 0 && bytes.length <= 19 && bytes.every((byte) => byte >= 0x30 && byte <= 0x39);
  if (!isNumber) throw new TarProblem('bad-tar', `no number where one is expected (${what})`);
  return Number(Buffer.from(bytes).toString('latin1'));
}

/**
 * Checks that the parts are in order, inside the file and together as long as what is stored.
 * @throws {TarProblem} `bad-tar`; `ambiguous-tar` for parts that one program fills up to whole blocks and others do not
 */
export function checkSparseMap(map: SparseMap, realBytes: number, storedBytes: number): void {
  boundedCount(map.length / 2);
  let end = 0;
  let total = 0;
  for (let at = 0; at < map.length; at += 2) {
    const offset = map[at] ?? 0;
    const length = map[at + 1] ?? 0;
    if (total % BLOCK_BYTES !== 0 && length > 0) {
      throw new TarProblem('ambiguous-tar', 'a sparse file with a part that is no whole number of blocks');
    }
    if (offset < end || length < 0 || offset + length > realBytes) {
      throw new TarProblem('bad-tar', 'a sparse map that is out of order or leads out of the file');
    }
    end = offset + length;
    total += length;
  }
  if (total !== storedBytes) throw new TarProblem('bad-tar', 'a sparse map that does not fit what is stored');
}

function boundedCount(count: number): number {
  if (!Number.isInteger(count) || count > MAX_SEGMENTS) throw new TarProblem('bad-tar', 'a sparse map without end');
  return count;
}

function fieldAt(start: number): Field {
  return { start, end: start + FIELD_BYTES };
}
