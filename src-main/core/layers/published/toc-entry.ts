import { DecompressError } from '../decompress/decompressor.ts';
import type { IndexMember } from '../index/index-builder.ts';
import type { MemberType } from '../tar/member.ts';
import { FlatObject } from './flat-object.ts';

/** A piece of a file's content: `size` bytes from `fileOffset` on, in a stream of their own that begins at `blobOffset`. */
export type TocChunk = {
  readonly blobOffset: number;
  /** How much of the stream's output comes before. */
  readonly innerOffset: number;
  readonly fileOffset: number;
  /** 0: to the end of the file. */
  readonly size: number;
  /** SHA-256 of the piece, good until the next entry is read; undefined where nothing is said that could be checked. */
  readonly digest: Uint8Array | undefined;
  /** Nothing but zeros, and stored nowhere. */
  readonly isZeros: boolean;
};

/** An entry of a table, or a further piece of the file before it. */
export type TocRow =
  | { readonly kind: 'member'; readonly member: IndexMember; readonly chunk: TocChunk | undefined }
  | { readonly kind: 'chunk'; readonly chunk: TocChunk };

/** As all published tables call them. */
export const MEMBER_TYPES: ReadonlyMap<string, MemberType> = new Map<string, MemberType>([
  ['reg', 'file'],
  ['dir', 'directory'],
  ['symlink', 'symlink'],
  ['hardlink', 'hardlink'],
  ['char', 'char-device'],
  ['block', 'block-device'],
  ['fifo', 'fifo'],
]);

const FIELD = {
  name: 0,
  type: 1,
  size: 2,
  modtime: 3,
  mode: 4,
  offset: 5,
  digest: 6,
  chunkDigest: 7,
  uid: 8,
  gid: 9,
  userName: 10,
  groupName: 11,
  linkName: 12,
  xattrs: 13,
  devMajor: 14,
  devMinor: 15,
  chunkOffset: 16,
  chunkSize: 17,
  chunkType: 18,
  innerOffset: 19,
} as const;
const NAMES = Object.keys(FIELD);

/** Reads entries of eStargz and zstd:chunked tables, which are of one family (CRFS). */
export class TocReader {
  /** To be filled with an entry before each {@link TocReader.read}. */
  readonly entry: FlatObject = new FlatObject(NAMES);
  /** eStargz names an owner only at the first entry that has it. */
  readonly #userNames = new Map<number, Buffer>();
  readonly #groupNames = new Map<number, Buffer>();
  readonly #digest = new Uint8Array(DIGEST_BYTES);
  #isAfterFile = false;
  /** Files come in runs of one time. */
  #timeBytes: Buffer = EMPTY;
  #time = 0;

  /** The names are views. @throws {DecompressError} `bad-compression` */
  read(): TocRow {
    const type = this.#type();
    if (type === 'chunk') {
      if (!this.#isAfterFile) throw wrong('type');
      return { kind: 'chunk', chunk: this.#chunk() };
    }
    this.#isAfterFile = type === 'file';
    const uid = this.#integer(FIELD.uid);
    const gid = this.#integer(FIELD.gid);
    const sizeBytes = type === 'file' ? this.#integer(FIELD.size) : 0;
    const xattrs = xattrsOf(this.entry.value(FIELD.xattrs));
    const isDevice = type === 'char-device' || type === 'block-device';
    const member: IndexMember = {
      type,
      name: this.#name(),
      linkName: this.#bytes(FIELD.linkName),
      sizeBytes,
      storedBytes: sizeBytes,
      mode: this.#integer(FIELD.mode) & 0o7777,
      uid,
      gid,
      userName: remembered(this.#userNames, uid, this.#bytes(FIELD.userName)),
      groupName: remembered(this.#groupNames, gid, this.#bytes(FIELD.groupName)),
      modifiedSeconds: this.#modifiedSeconds(),
      ...(isDevice && { device: `${this.#integer(FIELD.devMajor)},${this.#integer(FIELD.devMinor)}` }),
      ...(xattrs.length > 0 && { xattrs }),
    };
    return { kind: 'member', member, chunk: sizeBytes > 0 ? this.#chunk() : undefined };
  }

  #type(): MemberType | 'chunk' {
    if (this.entry.is(FIELD.type, FILE)) return 'file';
    const name = this.#bytes(FIELD.type).toString('latin1');
    const type = name === 'chunk' ? name : MEMBER_TYPES.get(name);
    if (type === undefined) throw wrong('type');
    return type;
  }

  #chunk(): TocChunk {
    return {
      blobOffset: this.#integer(FIELD.offset),
      innerOffset: this.#integer(FIELD.innerOffset),
      fileOffset: this.#integer(FIELD.chunkOffset),
      size: this.#integer(FIELD.chunkSize),
      digest: readDigest(this.entry.bytes(FIELD.chunkDigest) ?? this.#bytes(FIELD.digest), this.#digest),
      isZeros: this.entry.is(FIELD.chunkType, ZEROS),
    };
  }

  #name(): Buffer {
    const name = this.#bytes(FIELD.name);
    if (name.length === 0) throw wrong('name');
    return name;
  }

  #bytes(field: number): Buffer {
    const bytes = this.entry.bytes(field) ?? EMPTY;
    if (bytes.length > MAX_NAME_BYTES) throw wrong(NAMES[field] ?? '');
    return bytes;
  }

  /** Absent is 0: Go leaves zeros out. */
  #integer(field: number): number {
    const value = this.entry.number(field) ?? 0;
    if (!Number.isSafeInteger(value) || value < 0) throw wrong(NAMES[field] ?? '');
    return value;
  }

  #modifiedSeconds(): number {
    if (this.entry.is(FIELD.modtime, this.#timeBytes)) return this.#time;
    const bytes = this.#bytes(FIELD.modtime);
    this.#time = secondsOf(bytes.toString('latin1'));
    this.#timeBytes = Buffer.from(bytes);
    return this.#time;
  }
}

/** Of names, link targets and owners. */
export const MAX_NAME_BYTES: number = 16 * 1024;
const EMPTY = Buffer.alloc(0);
const FILE = Buffer.from('reg');
const ZEROS = Buffer.from('zeros');
const DIGEST_BYTES = 32;
const PREFIX = Buffer.from('sha256:');

/** Into `target`; undefined for what is no SHA-256. */
function readDigest(text: Buffer, target: Uint8Array): Uint8Array | undefined {
  if (text.length !== PREFIX.length + DIGEST_BYTES * 2) return undefined;
  for (let at = 0; at < PREFIX.length; at += 1) {
    if (text[at] !== PREFIX[at]) return undefined;
  }
  for (let byte = 0; byte < DIGEST_BYTES; byte += 1) {
    const at = PREFIX.length + byte * 2;
    const value = ((HEX[text[at] ?? 0] ?? -1) << 4) | (HEX[text[at + 1] ?? 0] ?? -1);
    if (value < 0) return undefined;
    target[byte] = value;
  }
  return target;
}

/** Of a time as RFC 3339 has it; 0 for none. @throws {DecompressError} `bad-compression` */
export function secondsOf(text: string): number {
  if (text === '') return 0;
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) throw wrong('modtime');
  return milliseconds / 1000;
}

/** The value of a lower-case hexadecimal digit; -1 for any other byte. */
const HEX: Int8Array = new Int8Array(256).fill(-1);
for (const [value, digit] of Buffer.from('0123456789abcdef').entries()) HEX[digit] = value;

/** Values are base64 in both formats. */
function xattrsOf(value: unknown): ReadonlyArray<readonly [Buffer, Buffer]> {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object' || Array.isArray(value)) throw wrong('xattrs');
  return Object.entries(value).map(([name, text]: readonly [string, unknown]): readonly [Buffer, Buffer] => {
    if (typeof text !== 'string') throw wrong('xattrs');
    return [Buffer.from(name), Buffer.from(text, 'base64')];
  });
}

function remembered(names: Map<number, Buffer>, id: number, name: Buffer): Buffer {
  if (name.length === 0) return names.get(id) ?? name;
  if (names.get(id)?.equals(name) !== true) names.set(id, Buffer.from(name));
  return name;
}

function wrong(what: string): DecompressError {
  return new DecompressError('bad-compression', `a published table of contents with a wrong ${what}`);
}
