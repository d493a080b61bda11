import { DecompressError } from '../decompress/decompressor.ts';
import type { IndexMember } from '../index/index-builder.ts';
import type { MemberType } from '../tar/member.ts';

/** A piece of a file's content: `size` bytes from `fileOffset` on, in a stream of their own that begins at `blobOffset`. */
export type TocChunk = {
  readonly blobOffset: number;
  /** How much of the stream's output comes before. */
  readonly innerOffset: number;
  readonly fileOffset: number;
  /** 0: to the end of the file. */
  readonly size: number;
  readonly digest: string | undefined;
  /** Nothing but zeros, and stored nowhere. */
  readonly isZeros: boolean;
};

/** An entry of a table, or a further piece of the file before it. */
export type TocRow =
  | { readonly kind: 'member'; readonly member: IndexMember; readonly chunk: TocChunk | undefined }
  | { readonly kind: 'chunk'; readonly chunk: TocChunk };

/** As all published tables call them. */
export const MEMBER_TYPES: ReadonlyMap<unknown, MemberType> = new Map<unknown, MemberType>([
  ['reg', 'file'],
  ['dir', 'directory'],
  ['symlink', 'symlink'],
  ['hardlink', 'hardlink'],
  ['char', 'char-device'],
  ['block', 'block-device'],
  ['fifo', 'fifo'],
]);

/** Reads entries of eStargz and zstd:chunked tables, which are of one family (CRFS). */
export class TocReader {
  /** eStargz names an owner only at the first entry that has it. */
  readonly #userNames = new Map<number, Buffer>();
  readonly #groupNames = new Map<number, Buffer>();
  #isAfterFile = false;

  /** @throws {DecompressError} `bad-compression` */
  read(entry: unknown): TocRow {
    const of = fieldsOf(entry);
    const type = MEMBER_TYPES.get(of('type'));
    if (type === undefined) {
      if (of('type') !== 'chunk' || !this.#isAfterFile) throw wrong('type');
      return { kind: 'chunk', chunk: chunkOf(of) };
    }
    this.#isAfterFile = type === 'file';
    const uid = integer(of, 'uid');
    const gid = integer(of, 'gid');
    const sizeBytes = type === 'file' ? integer(of, 'size') : 0;
    const xattrs = xattrsOf(of('xattrs'));
    const isDevice = type === 'char-device' || type === 'block-device';
    const member: IndexMember = {
      type,
      name: nameOf(of),
      linkName: bytesOf(of, 'linkName'),
      sizeBytes,
      storedBytes: sizeBytes,
      mode: integer(of, 'mode') & 0o7777,
      uid,
      gid,
      userName: remembered(this.#userNames, uid, bytesOf(of, 'userName')),
      groupName: remembered(this.#groupNames, gid, bytesOf(of, 'groupName')),
      modifiedSeconds: secondsOf(of('modtime')),
      ...(isDevice && { device: `${integer(of, 'devMajor')},${integer(of, 'devMinor')}` }),
      ...(xattrs.length > 0 && { xattrs }),
    };
    return { kind: 'member', member, chunk: sizeBytes > 0 ? chunkOf(of) : undefined };
  }
}

type Fields = (name: string) => unknown;

function fieldsOf(entry: unknown): Fields {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) throw wrong('shape');
  const fields = new Map<string, unknown>(Object.entries(entry));
  return (name) => fields.get(name);
}

function chunkOf(of: Fields): TocChunk {
  const digest = of('chunkDigest') ?? of('digest');
  return {
    blobOffset: integer(of, 'offset'),
    innerOffset: integer(of, 'innerOffset'),
    fileOffset: integer(of, 'chunkOffset'),
    size: integer(of, 'chunkSize'),
    digest: typeof digest === 'string' ? digest : undefined,
    isZeros: of('chunkType') === 'zeros',
  };
}

function nameOf(of: Fields): Buffer {
  const name = bytesOf(of, 'name');
  if (name.length === 0 || name.length > MAX_NAME_BYTES) throw wrong('name');
  return name;
}

/** Of names, link targets and owners. */
export const MAX_NAME_BYTES: number = 16 * 1024;
const EMPTY = Buffer.alloc(0);

function bytesOf(of: Fields, field: string): Buffer {
  const value = of(field);
  if (value === undefined || value === '') return EMPTY;
  if (typeof value !== 'string' || value.length > MAX_NAME_BYTES) throw wrong(field);
  return Buffer.from(value);
}

/** Absent is 0: Go leaves zeros out. */
function integer(of: Fields, field: string): number {
  const value = of(field) ?? 0;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw wrong(field);
  return value;
}

/** Of a time as RFC 3339 has it; 0 for none. @throws {DecompressError} `bad-compression` */
export function secondsOf(value: unknown): number {
  if (value === undefined || value === '') return 0;
  const milliseconds = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(milliseconds)) throw wrong('modtime');
  return milliseconds / 1000;
}

/** Values are base64 in both formats. */
function xattrsOf(value: unknown): ReadonlyArray<readonly [Buffer, Buffer]> {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object') throw wrong('xattrs');
  return Object.entries(value).map(([name, text]: readonly [string, unknown]): readonly [Buffer, Buffer] => {
    if (typeof text !== 'string') throw wrong('xattrs');
    return [Buffer.from(name), Buffer.from(text, 'base64')];
  });
}

function remembered(names: Map<number, Buffer>, id: number, name: Buffer): Buffer {
  if (name.length === 0) return names.get(id) ?? name;
  names.set(id, name);
  return name;
}

function wrong(what: string): DecompressError {
  return new DecompressError('bad-compression', `a published table of contents with a wrong ${what}`);
}
