import { contentLength, headerLines, type Headers, mediaTypeOf } from './headers.ts';

const CONTENT_RANGE = /^bytes (\d{1,16})-(\d{1,16})\/(\d{1,16}|\*)$/;

/**
 * True when a 206 is exactly the bytes of a blob from `startByte` to its end: one `Content-Range` that says so, the
 * whole size or `*`, and no length that says otherwise. Anything else is never joined to what is there already.
 * Spec: RFC 9110, 14.4; OCI Distribution 1.1, "Pulling blobs"; SECURITY-CASES B05, FI04.
 */
export function isRestOfBlob(headers: Headers, startByte: number, sizeBytes: number): boolean {
  const lines = headerLines(headers, 'content-range');
  const [line = ''] = lines;
  if (lines.length !== 1 || mediaTypeOf(headers) === 'multipart/byteranges') return false;
  const [matched, first, last, total] = CONTENT_RANGE.exec(line.trim()) ?? [];
  if (matched === undefined || Number(first) !== startByte || Number(last) !== sizeBytes - 1) return false;
  const length = contentLength(headers);
  return (total === '*' || Number(total) === sizeBytes) && (length === undefined || length === sizeBytes - startByte);
}
