import { DecompressError } from './decompressor.ts';

const FIXED_BYTES = 10;
const FLAG = { headerCrc: 0x02, extra: 0x04, name: 0x08, comment: 0x10, reserved: 0xe0 } as const;
/** Extra fields are at most 65,535 bytes; a name or comment beyond this is no honest one. */
const MAX_HEADER_BYTES = 256 * 1024;

/** True when the bytes can be the begin of a gzip member. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * The length of the header that `bytes` begin with; undefined while they do not hold all of it.
 * Spec: RFC 1952, 2.3. @throws {DecompressError} `bad-compression`
 */
export function gzipHeaderBytes(bytes: Uint8Array): number | undefined {
  if (bytes.length < FIXED_BYTES) return undefined;
  const flags = bytes[3] ?? 0;
  if (bytes[2] !== 8 || (flags & FLAG.reserved) !== 0) {
    throw new DecompressError('bad-compression', 'a gzip header of an unknown kind');
  }
  const end = optionalFieldsEnd(bytes, flags);
  if (end !== undefined && end <= bytes.length) return end;
  if (bytes.length > MAX_HEADER_BYTES) throw new DecompressError('bad-compression', 'a gzip header without end');
  return undefined;
}

/** In the order of the specification: extra field, name, comment, checksum. */
function optionalFieldsEnd(bytes: Uint8Array, flags: number): number | undefined {
  let at: number | undefined = FIXED_BYTES;
  if ((flags & FLAG.extra) !== 0) at += 2 + (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256;
  if ((flags & FLAG.name) !== 0) at = afterNul(bytes, at);
  if ((flags & FLAG.comment) !== 0) at = afterNul(bytes, at);
  return at !== undefined && (flags & FLAG.headerCrc) !== 0 ? at + 2 : at;
}

function afterNul(bytes: Uint8Array, start: number | undefined): number | undefined {
  if (start === undefined || start > bytes.length) return undefined;
  const nul = bytes.indexOf(0, start);
  return nul === -1 ? undefined : nul + 1;
}
