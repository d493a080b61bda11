import { contentLength, headerLines, type Headers, mediaTypeOf } from './headers.ts';

const CONTENT_RANGE = /^bytes (\d{1,16})-(\d{1,16})\/(\d{1,16}|\*)$/;

/** Bytes `startByte` to `endByte` (that one not among them) of `sizeBytes`. */
export type ByteRange = { readonly startByte: number; readonly endByte: number; readonly sizeBytes: number };

/**
 * True when a 206 is exactly that part of a blob: one `Content-Range` that says so, the whole size or `*`, and no length
 * that says otherwise. Anything else is never joined to what is there already.
 * Spec: RFC 9110, 14.4; OCI Distribution 1.1, "Pulling blobs"; SECURITY-CASES B05, FI04.
 */
export function isPartOfBlob(headers: Headers, { startByte, endByte, sizeBytes }: ByteRange): boolean {
  const lines = headerLines(headers, 'content-range');
  const [line = ''] = lines;
  if (lines.length !== 1 || mediaTypeOf(headers) === 'multipart/byteranges') return false;
  const [matched, first, last, total] = CONTENT_RANGE.exec(line.trim()) ?? [];
  if (matched === undefined || Number(first) !== startByte || Number(last) !== endByte - 1) return false;
  const length = contentLength(headers);
  return (total === '*' || Number(total) === sizeBytes) && (length === undefined || length === endByte - startByte);
}
