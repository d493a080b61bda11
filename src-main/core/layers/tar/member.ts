import type { EntryType } from '../layer-entry.ts';
import { BLOCK_BYTES } from '../../tar/header-fields.ts';
import { readDevice, readOwnership, type TarHeader, type TarOwnership } from './header.ts';
import type { PaxFields } from './pax.ts';
import type { SparseMap } from './sparse.ts';
import { TarProblem } from './tar-problem.ts';

export type MemberType = Exclude<EntryType, 'whiteout' | 'opaque'>;

/**
 * One entry as the archive has it, all headers taken together. Names and values are bytes, and views: they are good
 * until the sink returns.
 */
export type TarMember = {
  readonly type: MemberType;
  readonly name: Uint8Array;
  readonly linkName: Uint8Array;
  /** What a person gets; of a sparse file the size it expands to. */
  readonly sizeBytes: number;
  /** What stands in the archive from `offset` on. */
  readonly storedBytes: number;
  readonly offset: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly modifiedSeconds: number;
  readonly userName: Uint8Array;
  readonly groupName: Uint8Array;
  readonly device?: string;
  readonly xattrs?: ReadonlyArray<readonly [name: Uint8Array, value: Uint8Array]>;
  readonly sparseMap?: SparseMap;
};

/** What stood before an entry's own header. */
export type Before = {
  readonly pax?: PaxFields;
  readonly longName?: Uint8Array;
  readonly longLink?: Uint8Array;
  readonly global: PaxFields;
};

const TYPES: ReadonlyMap<string, MemberType> = new Map([
  ['0', 'file'],
  ['1', 'hardlink'],
  ['2', 'symlink'],
  ['3', 'char-device'],
  ['4', 'block-device'],
  ['5', 'directory'],
  ['6', 'fifo'],
  // Contiguous: only one old system knew a difference.
  ['7', 'file'],
  ['S', 'file'],
]);

const MAX_PATH_BYTES = 16 * 1024;
/** The largest size that octal digits can say; beyond it PAX has to. */
const MAX_OCTAL_SIZE = 0o77_777_777_777;
const SLASH = 0x2f;

/**
 * Puts an entry together as GNU tar does: PAX before GNU long names before the header, and a regular file whose name
 * ends with a slash is a directory.
 * @throws {TarProblem} `bad-tar`; `ambiguous-tar` where Go's reader, which made and unpacks most layers, sees another
 *   entry than GNU tar (V14, T07)
 */
export function toMember(block: Uint8Array, header: TarHeader, before: Before, position: number): TarMember {
  const pax: PaxFields = before.pax === undefined ? before.global : { ...before.global, ...before.pax };
  const type = TYPES.get(header.typeFlag);
  if (type === undefined) throw new TarProblem('bad-tar', 'an entry of an unknown type');
  const name = checkedPath(pax.sparse?.name ?? pax.path ?? before.longName ?? header.name);
  if (name.length === 0) throw new TarProblem('bad-tar', 'an entry without a name');
  const storedBytes = storedSize(type, header, pax);
  const ownership = readOwnership(block, header.format);
  const content: Content = {
    type: type === 'file' && name.at(-1) === SLASH ? slashedType(header, storedBytes) : type,
    name,
    linkName: hasTarget(type) ? targetOf(header, before, pax) : NOTHING,
    storedBytes,
    offset: position,
  };
  const member = memberOf(content, ownership, pax);
  return withExtras(member, isDevice(type) ? readDevice(block, header.format) : undefined, pax);
}

type Content = Pick<TarMember, 'type' | 'name' | 'linkName' | 'storedBytes' | 'offset'>;

/** Field by field: to spread objects for every file of a layer would show. */
function memberOf(content: Content, ownership: TarOwnership, pax: PaxFields): TarMember {
  return {
    type: content.type,
    name: content.name,
    linkName: content.linkName,
    sizeBytes: content.storedBytes,
    storedBytes: content.storedBytes,
    offset: content.offset,
    mode: ownership.mode,
    uid: pax.uid ?? ownership.uid,
    gid: pax.gid ?? ownership.gid,
    modifiedSeconds: pax.modifiedSeconds ?? ownership.modifiedSeconds,
    userName: pax.userName ?? ownership.userName,
    groupName: pax.groupName ?? ownership.groupName,
  };
}

function withExtras(member: TarMember, device: string | undefined, { xattrs }: PaxFields): TarMember {
  if (device === undefined && xattrs === undefined) return member;
  return { ...member, ...(device !== undefined && { device }), ...(xattrs !== undefined && { xattrs }) };
}

function targetOf(header: TarHeader, before: Before, pax: PaxFields): Uint8Array {
  const target = checkedPath(pax.linkPath ?? before.longLink ?? header.linkName);
  if (target.length === 0) throw new TarProblem('bad-tar', 'a link to nothing');
  return target;
}

/** Content and what fills its last block up. */
export function paddedBytes(bytes: number): number {
  return Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
}

const NOTHING = new Uint8Array(0);
const isDevice = (type: MemberType) => type === 'char-device' || type === 'block-device';
const hasTarget = (type: MemberType) => type === 'symlink' || type === 'hardlink';

function checkedPath(path: Uint8Array): Uint8Array {
  if (path.length > MAX_PATH_BYTES) throw new TarProblem('bad-tar', `a path of more than ${MAX_PATH_BYTES} bytes`);
  return path;
}

/** Old programs had no type for directories. Content for one is taken for a file by some and for a directory by others. */
function slashedType(header: TarHeader, storedBytes: number): MemberType {
  if (storedBytes > 0 || header.typeFlag !== '0') {
    throw new TarProblem('ambiguous-tar', 'a file whose name ends with a slash');
  }
  return 'directory';
}

/** Where the next header is looked for hangs on this: whatever two programs see differently is refused. */
function storedSize(type: MemberType, header: TarHeader, pax: PaxFields): number {
  const { sizeBytes } = header;
  if (sizeBytes < 0) throw new TarProblem('bad-tar', 'a negative size');
  if (type !== 'file') {
    // The size of a hard link is that of what it points to, with some programs; nothing follows it with any.
    if ((sizeBytes > 0 && type !== 'hardlink') || (pax.sizeBytes ?? 0) > 0) {
      throw new TarProblem('ambiguous-tar', 'a size for an entry that has no content');
    }
    return 0;
  }
  const stored = pax.sizeBytes ?? sizeBytes;
  if (stored !== sizeBytes && stored <= MAX_OCTAL_SIZE) {
    throw new TarProblem('ambiguous-tar', 'two sizes for one entry');
  }
  if (stored > Number.MAX_SAFE_INTEGER / 2) throw new TarProblem('bad-tar', 'a size beyond any archive');
  return stored;
}
