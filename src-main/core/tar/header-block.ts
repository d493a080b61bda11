import { decodeUtf8 } from '#shared/oci/utf8.ts';

/** Tars are made of these. Spec: POSIX.1-2017, pax, "ustar Interchange Format". */
export const BLOCK_BYTES = 512;

/** One header as it stands in the tar, before pax records and GNU long names are applied. */
export type HeaderBlock = {
  readonly typeFlag: string;
  readonly name: string;
  readonly linkName: string;
  readonly sizeBytes: number;
};

/** Why a block is no header we read, in words for the log. `isForeign`: it does not even look like one. */
export type BadHeader = { readonly problem: string; readonly isForeign?: true };

const FIELD = {
  name: [0, 100],
  mode: [100, 108],
  uid: [108, 116],
  gid: [116, 124],
  size: [124, 136],
  mtime: [136, 148],
  checksum: [148, 156],
  linkName: [157, 257],
  magic: [257, 265],
  prefix: [345, 500],
} as const;
type Field = keyof typeof FIELD;

const TYPE_FLAG_AT = 156;
const SPACE = 0x20;
const BASE_256 = 0x80;
const NEGATIVE_BASE_256 = 0xff;
const USTAR = 'ustar\0';
const OLD_GNU = 'ustar  \0';
const V7 = '\0\0\0\0\0\0\0\0';
const OCTAL = /^ *([0-7]+)[ \0]*$/;
const EMPTY_NUMBER = /^ *\0[ \0]*$/;

/** True for the block of zeros of which two end a tar. */
export function isZeroBlock(block: Uint8Array): boolean {
  return block.every((byte) => byte === 0);
}

/** Reads a header block: magic, checksum, numbers and names, each in the only way every reader agrees on. */
export function readHeaderBlock(block: Buffer): HeaderBlock | BadHeader {
  const magic = latin1(block, 'magic');
  if (!magic.startsWith(USTAR) && magic !== OLD_GNU && magic !== V7)
    return { problem: 'no tar header', isForeign: true };
  if (readNumber(block, 'checksum') !== sumOf(block)) return { problem: 'the checksum of a header is wrong' };
  const sizeBytes = readNumber(block, 'size');
  if (sizeBytes === undefined || !hasNumbers(block)) return { problem: 'a number in a header is none' };
  const names = readNames(block, magic.startsWith(USTAR));
  if (names === undefined) return { problem: 'a name is not UTF-8' };
  return { typeFlag: String.fromCharCode(block[TYPE_FLAG_AT] ?? 0), sizeBytes, ...names };
}

/** Only ustar has a prefix; GNU keeps times in its place. */
function readNames(block: Buffer, hasPrefix: boolean): Pick<HeaderBlock, 'name' | 'linkName'> | undefined {
  const [name, linkName] = [readText(block, 'name'), readText(block, 'linkName')];
  const prefix = hasPrefix ? readText(block, 'prefix') : '';
  if (name === undefined || linkName === undefined || prefix === undefined) return undefined;
  return { name: prefix === '' ? name : `${prefix}/${name}`, linkName };
}

/** The sum that a header states of itself: of all its bytes, with its own eight taken as spaces. */
export function sumOf(block: Uint8Array): number {
  const [start, end] = FIELD.checksum;
  let sum = (end - start) * SPACE;
  for (const [index, byte] of block.entries()) if (index < start || index >= end) sum += byte;
  return sum;
}

function latin1(block: Buffer, field: Field): string {
  return block.toString('latin1', ...FIELD[field]);
}

/** Up to the first NUL; undefined when that is not UTF-8. */
function readText(block: Buffer, field: Field): string | undefined {
  const bytes = block.subarray(...FIELD[field]);
  const end = bytes.indexOf(0);
  return decodeName(end === -1 ? bytes : bytes.subarray(0, end));
}

/** UTF-8 or undefined. */
export function decodeName(bytes: Uint8Array): string | undefined {
  try {
    return decodeUtf8(bytes);
  } catch {
    return undefined;
  }
}

/** Octal, or GNU's base 256 for what has no room; undefined for anything else, negative numbers among it (T09). */
function readNumber(block: Buffer, field: Field): number | undefined {
  const [start, end] = FIELD[field];
  if (block[start] === BASE_256) return readBase256(block.subarray(start + 1, end));
  const text = latin1(block, field);
  if (EMPTY_NUMBER.test(text)) return 0;
  const digits = OCTAL.exec(text)?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits, 8);
}

/** What we have no use for, and other readers stumble over. A time may lie before 1970. */
function hasNumbers(block: Buffer): boolean {
  const hasTime = block[FIELD.mtime[0]] === NEGATIVE_BASE_256 || readNumber(block, 'mtime') !== undefined;
  const others = ['mode', 'uid', 'gid'] as const;
  return hasTime && others.every((field) => readNumber(block, field) !== undefined);
}

function readBase256(bytes: Uint8Array): number | undefined {
  let value = 0;
  for (const byte of bytes) {
    value = value * 256 + byte;
    if (!Number.isSafeInteger(value)) return undefined;
  }
  return value;
}
