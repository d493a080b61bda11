import { type PaxRecord, readPaxRecords } from './pax-records.ts';
import { readDecimal } from './sparse.ts';
import { TarProblem } from './tar-problem.ts';

/** What PAX headers say of an entry, in place of what its own header says. */
export type PaxFields = {
  readonly path?: Uint8Array;
  readonly linkPath?: Uint8Array;
  readonly sizeBytes?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly userName?: Uint8Array;
  readonly groupName?: Uint8Array;
  readonly modifiedSeconds?: number;
  readonly xattrs?: ReadonlyArray<readonly [name: Uint8Array, value: Uint8Array]>;
  readonly sparse?: PaxSparse;
};

/** `map` is there in the formats 0.0 and 0.1; in 1.0 it stands before the data. */
export type PaxSparse = {
  readonly version: '0' | '1.0';
  readonly name?: Uint8Array;
  readonly realBytes?: number;
  readonly map: readonly number[];
};

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Of one header, while it is read. */
type Draft = {
  readonly fields: Mutable<PaxFields>;
  readonly xattrs: Array<readonly [name: Uint8Array, value: Uint8Array]>;
  readonly sparse: { major?: number; minor?: number; name?: Uint8Array; realBytes?: number; hasMap: boolean };
  readonly map: number[];
  readonly seen: Set<string>;
};

const XATTR = 'SCHILY.xattr.';
const SPARSE = 'GNU.sparse.';
const MTIME = /^-?\d{1,18}(?:\.\d{0,18})?$/;

/**
 * Reads the header of one entry (typeflag x). Records that say nothing of the listing are passed over.
 * @throws {TarProblem} `bad-tar`; `ambiguous-tar` where programs differ: a record twice, an empty one, NUL in a name
 */
export function readPaxHeader(body: Uint8Array): PaxFields {
  const draft: Draft = { fields: {}, xattrs: [], sparse: { hasMap: false }, map: [], seen: new Set() };
  for (const record of readPaxRecords(body)) {
    if (record.key.startsWith(SPARSE)) readSparseRecord(draft, record);
    else if (record.key.startsWith(XATTR)) addXattr(draft, record);
    else readPlainRecord(draft, record);
  }
  const sparse = finishSparse(draft);
  return {
    ...draft.fields,
    ...(draft.xattrs.length > 0 && { xattrs: draft.xattrs }),
    ...(sparse !== undefined && { sparse }),
  };
}

/**
 * Reads a header for all entries that follow (typeflag g). GNU tar applies it, Go's reader does not, so what would
 * change where an entry is or how long it is, is refused.
 * @throws {TarProblem} `bad-tar`, `ambiguous-tar`
 */
export function readGlobalPaxHeader(body: Uint8Array): PaxFields {
  const { path, linkPath, sizeBytes, sparse, xattrs, ...rest } = readPaxHeader(body);
  if ([path, linkPath, sizeBytes, sparse, xattrs].some((field) => field !== undefined)) {
    throw new TarProblem('ambiguous-tar', 'a global PAX header that names or measures what follows');
  }
  return rest;
}

function readPlainRecord({ fields, seen }: Draft, { key, value }: PaxRecord): void {
  const read = READERS.get(key);
  if (read === undefined) return;
  if (seen.has(key)) throw new TarProblem('ambiguous-tar', `the PAX record ${key} twice`);
  seen.add(key);
  if (value.length === 0) throw new TarProblem('ambiguous-tar', `an empty PAX record ${key}`);
  if (value.includes(0)) throw new TarProblem('ambiguous-tar', `a NUL in the PAX record ${key}`);
  read(fields, copy(value));
}

type ReadField = (fields: Mutable<PaxFields>, value: Uint8Array) => void;

const READERS: ReadonlyMap<string, ReadField> = new Map<string, ReadField>([
  ['path', (fields, value) => void (fields.path = value)],
  ['linkpath', (fields, value) => void (fields.linkPath = value)],
  ['uname', (fields, value) => void (fields.userName = value)],
  ['gname', (fields, value) => void (fields.groupName = value)],
  ['size', (fields, value) => void (fields.sizeBytes = readDecimal(value, 'size'))],
  ['uid', (fields, value) => void (fields.uid = readOwner(value, 'uid'))],
  ['gid', (fields, value) => void (fields.gid = readOwner(value, 'gid'))],
  ['mtime', (fields, value) => void (fields.modifiedSeconds = readTime(value))],
  ['GNU.dumpdir', () => refuseDumpDirectory()],
]);

function refuseDumpDirectory(): never {
  throw new TarProblem('bad-tar', 'the directory of an incremental backup');
}

function readOwner(value: Uint8Array, what: string): number {
  const id = readDecimal(value, what);
  if (id > 0xff_ff_ff_ff) throw new TarProblem('bad-tar', `a ${what} beyond 32 bits`);
  return id;
}

function readTime(value: Uint8Array): number {
  const text = Buffer.from(value).toString('latin1');
  if (!MTIME.test(text)) throw new TarProblem('bad-tar', 'a PAX time that is none');
  return Number(text);
}

function addXattr({ xattrs }: Draft, { key, value }: PaxRecord): void {
  xattrs.push([Buffer.from(key.slice(XATTR.length), 'latin1'), copy(value)]);
}

function readSparseRecord(draft: Draft, { key, value }: PaxRecord): void {
  SPARSE_READERS.get(key.slice(SPARSE.length))?.(draft, value);
}

const SPARSE_READERS: ReadonlyMap<string, (draft: Draft, value: Uint8Array) => void> = new Map([
  ['major', ({ sparse }: Draft, value: Uint8Array) => void (sparse.major = readDecimal(value, 'sparse version'))],
  ['minor', ({ sparse }: Draft, value: Uint8Array) => void (sparse.minor = readDecimal(value, 'sparse version'))],
  ['name', ({ sparse }: Draft, value: Uint8Array) => void (sparse.name = sparseName(value))],
  ['size', ({ sparse }: Draft, value: Uint8Array) => void (sparse.realBytes = readDecimal(value, 'real size'))],
  ['realsize', ({ sparse }: Draft, value: Uint8Array) => void (sparse.realBytes = readDecimal(value, 'real size'))],
  ['offset', (draft: Draft, value: Uint8Array) => addToMap(draft, 0, readDecimal(value, 'sparse map'))],
  ['numbytes', (draft: Draft, value: Uint8Array) => addToMap(draft, 1, readDecimal(value, 'sparse map'))],
  ['map', (draft: Draft, value: Uint8Array) => readListMap(draft, value)],
]);

function sparseName(value: Uint8Array): Uint8Array {
  if (value.length === 0 || value.includes(0)) throw new TarProblem('ambiguous-tar', 'a sparse file without name');
  return copy(value);
}

/** Format 0.0: a record for each number, offset and length in turn. */
function addToMap({ sparse, map }: Draft, parity: 0 | 1, value: number): void {
  if (map.length % 2 !== parity) throw new TarProblem('bad-tar', 'a sparse map out of step');
  sparse.hasMap = true;
  map.push(value);
}

/** Format 0.1: `offset,length,offset,length…`. */
function readListMap({ sparse, map }: Draft, value: Uint8Array): void {
  if (sparse.hasMap) throw new TarProblem('ambiguous-tar', 'two sparse maps');
  sparse.hasMap = true;
  for (let start = 0; start <= value.length;) {
    const comma = value.indexOf(0x2c, start);
    const end = comma === -1 ? value.length : comma;
    map.push(readDecimal(value.subarray(start, end), 'sparse map'));
    start = end + 1;
  }
}

function finishSparse({ sparse, map }: Draft): PaxSparse | undefined {
  const { major, minor, name, realBytes, hasMap } = sparse;
  const named = { ...(name !== undefined && { name }), ...(realBytes !== undefined && { realBytes }) };
  if (major !== undefined && major > 0) {
    if (major !== 1 || minor !== 0) throw new TarProblem('bad-tar', 'a sparse format of an unknown version');
    if (hasMap) throw new TarProblem('ambiguous-tar', 'two sparse maps');
    return { ...named, version: '1.0', map };
  }
  if (hasMap) {
    if (map.length % 2 !== 0) throw new TarProblem('bad-tar', 'a sparse map with an offset and no length');
    return { ...named, version: '0', map };
  }
  if (name === undefined && realBytes === undefined) return undefined;
  throw new TarProblem('ambiguous-tar', 'a sparse file without a map');
}

/** The header's bytes are a view that the next read overwrites. */
function copy(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(bytes);
}
