import { DecompressError } from '../../decompress/decompressor.ts';
import type { IndexMember } from '../../index/index-builder.ts';
import { BLOCK_BYTES } from '../../../tar/header-fields.ts';
import { MAX_NAME_BYTES, MEMBER_TYPES, secondsOf } from '../toc-entry.ts';
import { FlatBuffer, type FlatTable } from './flat-buffer.ts';
import type { SpanColumns, SpanFacts } from './span-columns.ts';
import { readSpans } from './ztoc-spans.ts';

/** Numbers of fields, as the schema of SOCI has them (`ztoc.fbs`). */
const ZTOC = { version: 0, blobBytes: 2, tarBytes: 3, toc: 4, compression: 5 } as const;
const TOC = { entries: 0 } as const;
const ENTRY = {
  name: 0,
  type: 1,
  offset: 2,
  size: 3,
  linkName: 4,
  mode: 5,
  uid: 6,
  gid: 7,
  userName: 8,
  groupName: 9,
  modified: 10,
  major: 11,
  minor: 12,
  pax: 13,
} as const;
const PAIR = { key: 0, value: 1 } as const;

const VERSION = '0.9';
const XATTR = 'SCHILY.xattr.';
const SPARSE = 'GNU.sparse.';

/**
 * Reads the table of a layer and gives its entries to `add`, one by one. A table of a blob of another size, whose entries
 * overlap, or that has sparse files, of which it does not say where they are stored, is refused.
 * @throws {DecompressError} `bad-compression`; what `add` throws
 */
export function readZtoc(
  bytes: Buffer,
  blobBytes: number,
  add: (member: IndexMember) => void,
): { readonly facts: SpanFacts; readonly columns: SpanColumns } {
  const ztoc = new FlatBuffer(bytes).root();
  if (ztoc.bytes(ZTOC.version).toString('latin1') !== VERSION) throw wrong('of an unknown version');
  if (ztoc.size(ZTOC.blobBytes) !== blobBytes) throw wrong('of another blob');
  const tarBytes = ztoc.size(ZTOC.tarBytes);
  let free = 0;
  for (const entry of ztoc.table(ZTOC.toc).tables(TOC.entries)) {
    const member = readEntry(entry);
    const { offset = 0, sizeBytes } = member;
    // A header stands before each content.
    const end = offset + sizeBytes;
    if (offset < free + BLOCK_BYTES || end > tarBytes) throw wrong('whose entries lie over one another');
    free = Math.ceil(end / BLOCK_BYTES) * BLOCK_BYTES;
    add(member);
  }
  return readSpans(ztoc.table(ZTOC.compression), { blobBytes, tarBytes });
}

function readEntry(entry: FlatTable): IndexMember {
  const type = MEMBER_TYPES.get(entry.bytes(ENTRY.type).toString('latin1'));
  if (type === undefined) throw wrong('with a wrong type');
  const name = textOf(entry, ENTRY.name);
  if (name.length === 0) throw wrong('with an entry without a name');
  const sizeBytes = type === 'file' ? entry.size(ENTRY.size) : 0;
  const xattrs = xattrsOf(entry);
  const isDevice = type === 'char-device' || type === 'block-device';
  return {
    type,
    name,
    linkName: textOf(entry, ENTRY.linkName),
    sizeBytes,
    storedBytes: sizeBytes,
    mode: entry.size(ENTRY.mode) & 0o7777,
    uid: entry.uint32(ENTRY.uid),
    gid: entry.uint32(ENTRY.gid),
    userName: textOf(entry, ENTRY.userName),
    groupName: textOf(entry, ENTRY.groupName),
    modifiedSeconds: secondsOf(entry.bytes(ENTRY.modified).toString('latin1')),
    offset: entry.size(ENTRY.offset),
    ...(isDevice && { device: `${entry.size(ENTRY.major)},${entry.size(ENTRY.minor)}` }),
    ...(xattrs.length > 0 && { xattrs }),
  };
}

/** All records of the pax header are there; those that say more than the entry itself are about attributes. */
function xattrsOf(entry: FlatTable): ReadonlyArray<readonly [Buffer, Buffer]> {
  const xattrs: (readonly [Buffer, Buffer])[] = [];
  for (const pair of entry.tables(ENTRY.pax)) {
    const key = pair.bytes(PAIR.key);
    const keyText = key.toString('latin1');
    if (keyText.startsWith(SPARSE)) throw wrong('with a sparse file');
    if (keyText.startsWith(XATTR)) xattrs.push([key.subarray(XATTR.length), pair.bytes(PAIR.value)]);
  }
  return xattrs;
}

function textOf(entry: FlatTable, slot: number): Buffer {
  const text = entry.bytes(slot);
  if (text.length > MAX_NAME_BYTES) throw wrong('with a name without end');
  return text;
}

function wrong(how: string): DecompressError {
  return new DecompressError('bad-compression', `a table of contents ${how}`);
}
