import type { Digest } from '#shared/oci/digest.ts';
import type { LiveBlob, LiveRow } from './live-job.ts';
import type { RowEnd } from './row-task.ts';

/** A job of more blobs than this tells of those that were sent by their number: its log has room for a thousand lines. */
export const MOST_BLOB_LINES = 400;

const BLOB_ENDS: ReadonlyMap<string, string> = new Map([
  ['done', 'sent'],
  ['present', 'found'],
  ['mounted', 'mounted'],
]);

/** What became of a blob, with the verb first, since a digest fills a line; undefined while it is under way. */
export function blobLine({ digest, role, sizeBytes, state }: LiveBlob): string | undefined {
  const end = BLOB_ENDS.get(state);
  return end === undefined ? undefined : `${end} ${role} ${digest} (${sizeBytes} bytes)`;
}

/** Of a row that begins: what the destination has of it already. Undefined when that is nothing. */
export function beginLine({ destination }: LiveRow, there: number, all: number): string | undefined {
  return there === 0 ? undefined : `${destination}: ${there} of ${all} blobs are there already`;
}

/** What was done about a manifest; undefined while it is under way. */
export function manifestLine(digest: Digest, state: 'sending' | 'done' | 'present'): string | undefined {
  if (state === 'sending') return undefined;
  return `${state === 'done' ? 'wrote' : 'found'} manifest ${digest}`;
}

/** What became of a row that did not fail, and of the source's tag meanwhile. */
export function endLines({ source, destination, resultDigest }: LiveRow, end: RowEnd): readonly string[] {
  if (end.state === 'conflict') {
    return [`${destination} holds ${end.existingDigest ?? 'nothing'}, which was not planned: it waits for a decision`];
  }
  const line = `${destination} ${end.state === 'done' ? 'is' : 'was already'} ${resultDigest ?? ''}`;
  const { sourceMovedTo } = end;
  if (sourceMovedTo === undefined) return [line];
  return [line, `${source} is ${sourceMovedTo} by now: what was planned has been copied`];
}

/** `error` has no secret in its message, as none of ours has. */
export function failureLine({ destination }: LiveRow, error: unknown): string {
  return `${destination} failed: ${error instanceof Error ? error.message : 'unknown'}`;
}
