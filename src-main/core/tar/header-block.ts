import { decodeUtf8 } from '#shared/oci/utf8.ts';
import {
  BLOCK_BYTES,
  FIELD,
  type Field,
  formatOf,
  isAll,
  numberAt,
  sumOf,
  textAt,
  TYPE_FLAG_AT,
} from './header-fields.ts';

/** One header as it stands in the tar, before pax records and GNU long names are applied. */
export type HeaderBlock = {
  readonly typeFlag: string;
  readonly name: string;
  readonly linkName: string;
  readonly sizeBytes: number;
};

/** Why a block is no header we read, in words for the log. `isForeign`: it does not even look like one. */
export type BadHeader = { readonly problem: string; readonly isForeign?: true };

/** True for the block of zeros of which two end a tar. */
export function isZeroBlock(block: Uint8Array): boolean {
  return isAll(block, 0, BLOCK_BYTES, 0);
}

/** Reads a header block: magic, checksum, numbers and names, each in the only way every reader agrees on. */
export function readHeaderBlock(block: Buffer): HeaderBlock | BadHeader {
  const format = formatOf(block);
  if (format === undefined) return { problem: 'no tar header', isForeign: true };
  if (sizeAt(block, FIELD.checksum) !== sumOf(block)) return { problem: 'the checksum of a header is wrong' };
  const sizeBytes = sizeAt(block, FIELD.size);
  if (sizeBytes === undefined || !hasNumbers(block)) return { problem: 'a number in a header is none' };
  const names = readNames(block, format === 'ustar');
  if (names === undefined) return { problem: 'a name is not UTF-8' };
  return { typeFlag: String.fromCharCode(block[TYPE_FLAG_AT] ?? 0), sizeBytes, ...names };
}

/** Only ustar has a prefix; GNU keeps times in its place. */
function readNames(block: Buffer, hasPrefix: boolean): Pick<HeaderBlock, 'name' | 'linkName'> | undefined {
  const [name, linkName] = [decodeName(textAt(block, FIELD.name)), decodeName(textAt(block, FIELD.linkName))];
  const prefix = hasPrefix ? decodeName(textAt(block, FIELD.prefix)) : '';
  if (name === undefined || linkName === undefined || prefix === undefined) return undefined;
  return { name: prefix === '' ? name : `${prefix}/${name}`, linkName };
}

/** UTF-8 or undefined. */
export function decodeName(bytes: Uint8Array): string | undefined {
  try {
    return decodeUtf8(bytes);
  } catch {
    return undefined;
  }
}

/** Not negative, and exact; undefined for anything else (T09). */
function sizeAt(block: Buffer, field: Field): number | undefined {
  const value = numberAt(block, field);
  return value !== undefined && value >= 0 && Number.isSafeInteger(value) ? value : undefined;
}

/** What we have no use for, and other readers stumble over. A time may lie before 1970. */
function hasNumbers(block: Buffer): boolean {
  const others = [FIELD.mode, FIELD.uid, FIELD.gid];
  return numberAt(block, FIELD.mtime) !== undefined && others.every((field) => sizeAt(block, field) !== undefined);
}
