import type { ByteRange } from '../store/blobs.ts';

/** What a Range header asks of a blob of known size. `whole`: no range, or one we may ignore. */
export type RangeAnswer = ByteRange | 'whole' | 'unsatisfiable';

const SINGLE = /^bytes=(\d{0,15})-(\d{0,15})$/;

/**
 * One byte range; a unit we do not know, several ranges and nonsense are ignored, as RFC 9110 §14.2 allows; an end past the
 * last byte is the last byte.
 */
export function parseRange(header: string | undefined, sizeBytes: number): RangeAnswer {
  const [matched, from = '', to = ''] = SINGLE.exec(header ?? '') ?? [];
  if (matched === undefined || (from === '' && to === '')) return 'whole';
  if (from === '') return lastBytes(Number(to), sizeBytes);
  const first = Number(from);
  const end = to === '' ? Number.POSITIVE_INFINITY : Number(to);
  if (end < first) return 'whole';
  return first >= sizeBytes ? 'unsatisfiable' : { first, last: Math.min(end, sizeBytes - 1) };
}

function lastBytes(length: number, sizeBytes: number): RangeAnswer {
  if (length === 0 || sizeBytes === 0) return 'unsatisfiable';
  return { first: Math.max(0, sizeBytes - length), last: sizeBytes - 1 };
}

const CHUNK = /^(?:bytes )?(\d{1,15})-(\d{1,15})(?:\/(?:\d+|\*))?$/;

/**
 * The first byte of an upload chunk: `Content-Range: <start>-<end>` without a unit (Spec: OCI distribution 1.1,
 * "Pushing a blob in chunks"); the form with `bytes ` is taken too. `invalid` for any other text.
 */
export function parseChunkStart(header: string | undefined): number | 'absent' | 'invalid' {
  if (header === undefined) return 'absent';
  const [, from, to] = CHUNK.exec(header) ?? [];
  if (from === undefined || to === undefined || Number(to) < Number(from)) return 'invalid';
  return Number(from);
}
