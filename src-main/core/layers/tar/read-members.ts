import { BLOCK_BYTES } from '../../tar/header-fields.ts';
import { checkBlock, readHeader, type TarHeader } from './header.ts';
import { type Before, paddedBytes, type TarMember, toMember } from './member.ts';
import { type PaxFields, readGlobalPaxHeader, readPaxHeader } from './pax.ts';
import {
  checkSparseMap,
  MAX_TEXT_MAP_BYTES,
  readOldSparseExtension,
  readOldSparseHeader,
  readTextMap,
  type SparseMap,
} from './sparse.ts';
import type { Cursor, Steps } from './steps.ts';
import { TarProblem } from './tar-problem.ts';

export type TarLimits = { readonly maxEntries: number };

/** `hasEnd`: the two blocks of zeros were there. */
export type TarEnd = { readonly hasEnd: boolean };

type Options = {
  readonly sink: (member: TarMember) => void;
  readonly limits: TarLimits;
  readonly cursor: Cursor;
};

const READ_BLOCK = { kind: 'read', bytes: BLOCK_BYTES } as const;
/** What Go's reader takes at most for one PAX header or long name. */
const MAX_META_BYTES = 1024 * 1024;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/**
 * The whole of a tar, as steps of somebody who has the bytes. It follows GNU tar; where that complains, or Go's reader
 * sees something else, it throws. Spec: POSIX.1-1988 ustar, POSIX.1-2001 pax, GNU tar manual, "Tar Internals".
 * @throws {TarProblem}
 */
export function* readMembers({ sink, limits, cursor }: Options): Steps<TarEnd> {
  let before: Mutable<Before> = { global: {} };
  let count = 0;
  for (let isFirst = true; ; isFirst = false) {
    const block = yield READ_BLOCK;
    if (block === undefined) return atEnd(before, { hasEnd: false });
    const state = checkBlock(block);
    if (state === 'zero') return atEnd(before, yield* readEnd());
    if (state === 'invalid') throw new TarProblem(isFirst ? 'not-tar' : 'bad-tar', 'no tar header where one has to be');
    const header = readHeader(block);
    if (META_FLAGS.has(header.typeFlag)) {
      yield* readMeta(header, before);
      continue;
    }
    if (count === limits.maxEntries) throw new TarProblem('entry-limit', `more than ${limits.maxEntries} entries`);
    count += 1;
    const member = yield* readMember(block, header, before, cursor);
    sink(member);
    const rest = member.offset + paddedBytes(member.storedBytes) - cursor.position;
    if (rest > 0) yield { kind: 'skip', bytes: rest };
    before = { global: before.global };
  }
}

const META_FLAGS: ReadonlySet<string> = new Set(['x', 'g', 'L', 'K']);

/** Headers that belong to an entry which is not there: the archive was cut between them. */
function atEnd({ pax, longName, longLink }: Before, end: TarEnd): TarEnd {
  if (pax ?? longName ?? longLink) throw new TarProblem('truncated', 'the tar ends before an entry that was announced');
  return end;
}

/** The first block of zeros has been read. GNU tar stops at it, Go's reader wants a second one or the end. */
function* readEnd(): Steps<TarEnd> {
  const second = yield READ_BLOCK;
  if (second === undefined) return { hasEnd: false };
  if (checkBlock(second) === 'zero') return { hasEnd: true };
  throw new TarProblem('ambiguous-tar', 'a single block of zeros with more behind it');
}

function* readMeta(header: TarHeader, before: Mutable<Before>): Steps<void> {
  const { sizeBytes, typeFlag } = header;
  if (sizeBytes < 0 || sizeBytes > MAX_META_BYTES) {
    throw new TarProblem('bad-tar', `a header that takes more than ${MAX_META_BYTES} bytes`);
  }
  const body = sizeBytes === 0 ? NOTHING : yield { kind: 'read', bytes: paddedBytes(sizeBytes) };
  if (body === undefined) throw new TarProblem('truncated', 'the tar ends inside a header');
  addMeta(typeFlag, body.subarray(0, sizeBytes), before);
}

const NOTHING = new Uint8Array(0);

function addMeta(typeFlag: string, body: Uint8Array, before: Mutable<Before>): void {
  if (typeFlag === 'g') {
    before.global = nextGlobal(before.global, readGlobalPaxHeader(body));
    return;
  }
  const hasLong = before.longName !== undefined || before.longLink !== undefined;
  if (before.pax !== undefined || (typeFlag === 'x' && hasLong)) {
    // Programs differ in which of them they believe, and in whose size they apply to which.
    throw new TarProblem('ambiguous-tar', 'an entry with several headers that name or measure it');
  }
  if (typeFlag === 'x') before.pax = readPaxHeader(body);
  else addLongName(typeFlag === 'L' ? 'longName' : 'longLink', body, before);
}

function addLongName(field: 'longName' | 'longLink', body: Uint8Array, before: Mutable<Before>): void {
  if (before[field] !== undefined) throw new TarProblem('ambiguous-tar', 'an entry with two long names');
  const end = body.indexOf(0);
  before[field] = Uint8Array.from(end === -1 ? body : body.subarray(0, end));
}

/** GNU tar lets a global header replace the one before, others add to it: they must come to the same. */
function nextGlobal(old: PaxFields, next: PaxFields): PaxFields {
  const has = new Set(Object.keys(next));
  if (Object.keys(old).some((key) => !has.has(key))) {
    throw new TarProblem('ambiguous-tar', 'a global PAX header that takes something back');
  }
  return next;
}

function* readMember(block: Uint8Array, header: TarHeader, before: Before, cursor: Cursor): Steps<TarMember> {
  const sparse = before.pax?.sparse;
  if (header.typeFlag !== 'S' && sparse === undefined) return toMember(block, header, before, cursor.position);
  // The block is a view, and more is read before the entry is known.
  const own = Uint8Array.from(block);
  const ownHeader = readHeader(own);
  if (header.typeFlag === 'S') return yield* readOldSparse(own, ownHeader, before, cursor);
  if (header.format !== 'ustar' || header.typeFlag !== '0' || sparse === undefined) {
    throw new TarProblem('ambiguous-tar', 'a PAX sparse file with a header of another kind');
  }
  const member = toMember(own, ownHeader, before, cursor.position);
  const map = sparse.version === '0' ? sparse.map : yield* readMapBeforeData(member.storedBytes);
  return sparseMember(member, map, sparse.realBytes ?? member.storedBytes, cursor);
}

function* readOldSparse(block: Uint8Array, header: TarHeader, before: Before, cursor: Cursor): Steps<TarMember> {
  if (header.format !== 'gnu' || before.pax !== undefined) {
    throw new TarProblem('ambiguous-tar', 'a GNU sparse file with a header of another kind');
  }
  const first = readOldSparseHeader(block);
  const map = [...first.map];
  let { isExtended } = first;
  while (isExtended) {
    const more = yield READ_BLOCK;
    if (more === undefined) throw new TarProblem('truncated', 'the tar ends inside a sparse map');
    const extension = readOldSparseExtension(more);
    map.push(...extension.map);
    if (map.length * BLOCK_BYTES > MAX_TEXT_MAP_BYTES * 32) throw new TarProblem('bad-tar', 'a sparse map without end');
    isExtended = extension.isExtended;
  }
  const member = toMember(block, header, before, cursor.position);
  return sparseMember(member, map, first.realBytes, cursor);
}

/** Format 1.0: the map takes the first blocks of what is stored. */
function* readMapBeforeData(storedBytes: number): Steps<SparseMap> {
  const limit = Math.min(paddedBytes(storedBytes), MAX_TEXT_MAP_BYTES);
  let text = Buffer.alloc(0);
  while (text.length < limit) {
    const block = yield READ_BLOCK;
    if (block === undefined) throw new TarProblem('truncated', 'the tar ends inside a sparse map');
    text = Buffer.concat([text, block]);
    const map = readTextMap(text);
    if (map !== undefined) return map;
  }
  throw new TarProblem('bad-tar', 'a sparse map without end');
}

/** The map has been read, so the data begins here and is what is left of the stored bytes. */
function sparseMember(member: TarMember, map: SparseMap, realBytes: number, cursor: Cursor): TarMember {
  const storedBytes = member.storedBytes - (cursor.position - member.offset);
  if (realBytes < 0 || member.type !== 'file') throw new TarProblem('bad-tar', 'a sparse file that is none');
  checkSparseMap(map, realBytes, storedBytes);
  return { ...member, offset: cursor.position, storedBytes, sizeBytes: realBytes, sparseMap: map };
}
