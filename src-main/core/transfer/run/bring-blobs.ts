import type { Digest } from '#shared/oci/digest.ts';
import type { BlobBoard } from './blob-board.ts';
import { type BlobDeps, copyBlob, type SessionKeeper } from './copy-blob.ts';
import type { RowTask } from './row-task.ts';

export type BringDeps = BlobDeps & {
  readonly board: BlobBoard;
  readonly sessionOf: (place: string, digest: Digest) => SessionKeeper;
};

/**
 * Brings blobs of a row to its destination, all at once as far as lanes allow; the first that fails stops the others.
 * `anew`: the destination has said that they are not there, whatever it said before.
 */
export async function bringBlobs(
  task: RowTask,
  digests: readonly Digest[],
  deps: BringDeps,
  { signal, anew = false }: { readonly signal: AbortSignal; readonly anew?: boolean },
): Promise<void> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  let failure: { readonly error: unknown } | undefined;
  const bring = async (digest: Digest): Promise<void> => {
    try {
      await bringBlob(task, digest, deps, { signal: either, anew });
    } catch (error) {
      failure ??= { error };
      stop.abort(error);
    }
  };
  await Promise.all(digests.map(bring));
  if (failure !== undefined) throw failure.error;
}

async function bringBlob(
  task: RowTask,
  digest: Digest,
  deps: BringDeps,
  { signal, anew }: { readonly signal: AbortSignal; readonly anew: boolean },
): Promise<void> {
  const { place, source, destination, events } = task;
  const { descriptor, isKnownAbsent, isThere } = task.blob(digest);
  if (isThere && !anew) return;
  if (anew) deps.board.forget(place, digest);
  const { place: registry } = destination;
  try {
    const outcome = await deps.board.ensure({
      place,
      registry,
      digest,
      signal,
      report: (progress) => events.onBlob(digest, progress),
      work: (call) =>
        copyBlob(
          {
            source,
            destination,
            descriptor,
            isKnownAbsent: isKnownAbsent || anew,
            mountFrom: anew ? [] : mountCandidates(task, digest, deps.board),
            session: deps.sessionOf(place, digest),
            note: events.onNote,
            onRead: events.onRead,
          },
          deps,
          call,
        ),
    });
    const sentBytes = outcome === 'sent' ? descriptor.sizeBytes : 0;
    events.onBlob(digest, { state: outcome === 'sent' ? 'done' : outcome, sentBytes });
  } catch (error) {
    // Who was stopped has not failed: it is brought when the row runs again.
    events.onBlob(digest, { state: signal.aborted ? 'queued' : 'failed', sentBytes: 0 });
    throw error;
  }
}

/** Where on the destination's registry the blob is: with the source, and wherever it was brought before. */
function mountCandidates({ source, destination }: RowTask, digest: Digest, board: BlobBoard): readonly string[] {
  const { place } = destination;
  if (place === undefined) return [];
  const known = board.repositoriesWith(place, digest);
  const isOfSame = source.place?.registryKey === place.registryKey && source.place.repository !== place.repository;
  return isOfSame && source.place !== undefined ? [source.place.repository, ...known] : known;
}
