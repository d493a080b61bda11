import pLimit from 'p-limit';
import { type Digest, isDigest } from '#shared/oci/digest.ts';
import type { JobEnd } from '../../jobs/job-queue.ts';
import type { TransferJournal } from '../../storage/journal/journal-types.ts';
import type { EndOpener, ManifestBytes } from '../ends.ts';
import { placeKey, type RowRecipe } from '../plan/plan-types.ts';
import { TransferError } from '../transfer-error.ts';
import type { BlobProgress } from './blob-board.ts';
import type { SessionKeeper } from './copy-blob.ts';
import { createJobEnds, type JobEnds } from './job-ends.ts';
import { beginLine, blobLine, endLines, failureLine, manifestLine, MOST_BLOB_LINES } from './job-log.ts';
import { blobKey, type LiveJob, type LiveRow, type RowChange } from './live-job.ts';
import { parseRecipe } from './recipe-schema.ts';
import type { RowEnd, RowTask } from './row-task.ts';
import { type RowDeps, runRow } from './run-row.ts';
import { isSignedOut } from './setbacks.ts';

/** Rows of one job under way at once: their blobs share the lanes, the rest is a few small requests each. */
const ROWS = 32;

export type JobTask = {
  readonly jobId: string;
  readonly live: LiveJob;
  /** The plan was made just now: what it found absent needs no second look. */
  readonly isFresh: boolean;
  /** Rows that a sign-in has been asked for before; the next refusal is their own. */
  readonly refused: Set<number>;
  /** Rows whose tag was being written when the job was stopped. */
  readonly unsettled: Set<number>;
  /** How to pause it with an error, for as long as it runs. */
  readonly onBegin: (pause: (error: unknown) => void) => void;
  /** Something that a watcher sees has changed. */
  readonly onChange: () => void;
  /** An image has come to a repository. */
  readonly onWritten: (recipe: RowRecipe) => void;
};

export type JobDeps = Omit<RowDeps, 'sessionOf'> & {
  readonly ends: EndOpener;
  readonly journal: TransferJournal;
  readonly describeError: (error: unknown) => string;
};

/**
 * Runs what is left of a job, row by row, many at once. A row that fails does not stop the others; a sign-in that is not
 * taken any more pauses the whole, since no other row would fare better. What is visible only as a whole becomes so when
 * no row has failed.
 */
export async function runJob(task: JobTask, deps: JobDeps, given: AbortSignal): Promise<JobEnd> {
  const stop = new AbortController();
  const signal = AbortSignal.any([given, stop.signal]);
  const ends = createJobEnds(deps.ends, signal);
  const pause = (error: unknown): void => stop.abort(new PausedByError(error));
  const run: Run = { ...task, deps, ends, signal, pause, hasFailed: false };
  task.onBegin(pause);
  try {
    // A conflict that is decided meanwhile is one more row to run.
    for (let left = rowsLeft(run); left.length > 0; left = rowsLeft(run)) await runRows(run, left);
    return await finish(run);
  } catch (error) {
    given.throwIfAborted();
    const { reason }: { readonly reason: unknown } = stop.signal;
    if (reason instanceof PausedByError) return { state: 'paused', error: reason.cause };
    throw error;
  } finally {
    stop.abort();
    await ends.close();
    deps.journal.flush();
  }
}

/** The reason of a signal, never told to anybody as an error. */
class PausedByError extends Error {
  override readonly name = 'PausedByError';

  constructor(cause: unknown) {
    super('paused', { cause });
  }
}

type Run = JobTask & {
  /** A row has failed in this run: those that failed in the plan were known when it was started. */
  hasFailed: boolean;
  readonly deps: JobDeps;
  readonly ends: JobEnds;
  readonly signal: AbortSignal;
  readonly pause: (error: unknown) => void;
};

function rowsLeft({ live }: Run): readonly LiveRow[] {
  return [...live.rows.values()].filter(({ state }) => state === 'queued' || state === 'running');
}

/** Settles when all have, also after a stop: who is told that it has stopped finds nothing under way. */
async function runRows(run: Run, rows: readonly LiveRow[]): Promise<void> {
  const limit = pLimit(ROWS);
  const outcomes = await Promise.allSettled(rows.map((row) => limit(() => runOne(run, row))));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

async function runOne(run: Run, row: LiveRow): Promise<void> {
  const { signal, deps, jobId } = run;
  signal.throwIfAborted();
  setRow(run, row, { state: 'running' });
  try {
    const recipe = parseRecipe(deps.journal.recipe(jobId, row.ordinal));
    const task = await openTask(run, row, recipe);
    const there = recipe.blobs.filter((digest) => task.blob(digest).isThere).length;
    note(run, beginLine(row, there, recipe.blobs.length));
    const end = await runRow(task, withSessions(deps), signal);
    endRow(run, row, end);
    if (end.state === 'done') run.onWritten(recipe);
  } catch (error) {
    if (signal.aborted) {
      setRow(run, row, { state: 'queued' });
      throw error;
    }
    if (isSignedOut(error) && !run.refused.has(row.ordinal)) {
      run.refused.add(row.ordinal);
      setRow(run, row, { state: 'queued' });
      run.pause(error);
      signal.throwIfAborted();
    }
    run.unsettled.delete(row.ordinal);
    failRow(run, row, error);
  }
}

async function openTask(run: Run, row: LiveRow, recipe: RowRecipe): Promise<RowTask> {
  const { ends, live, jobId, deps, isFresh } = run;
  const place = placeKey(recipe.destination);
  const [source, destination] = await Promise.all([ends.source(recipe.source), ends.destination(recipe.destination)]);
  return {
    recipe,
    place,
    source,
    destination,
    isFresh,
    manifest: (digest) => readManifest(deps.journal, jobId, digest),
    blob: (digest) => {
      const blob = live.blobs.get(blobKey(place, digest));
      if (blob === undefined) throw new TransferError('source-gone', digest);
      const { mediaType, sizeBytes, state } = blob;
      const isDone = state === 'done' || state === 'present' || state === 'mounted';
      return {
        descriptor: { mediaType, digest, sizeBytes, annotations: [], urls: [] },
        isKnownAbsent: isFresh && state === 'queued',
        // What lay in a file that was not finished may have gone with it.
        isThere: isDone && (isFresh || destination.kind === 'registry'),
      };
    },
    events: {
      onBlob: (digest, progress) => noteBlob(run, place, digest, progress),
      onManifest: (digest, state) => {
        note(run, manifestLine(digest, state));
        run.onChange();
      },
      onTagWrite: (isUnderWay) => {
        if (isUnderWay) run.unsettled.add(row.ordinal);
        else run.unsettled.delete(row.ordinal);
      },
      onRead: (bytes) => {
        live.read(bytes);
        run.onChange();
      },
      onNote: (text) => note(run, text),
    },
  };
}

function readManifest(journal: TransferJournal, jobId: string, digest: Digest): ManifestBytes {
  const kept = journal.manifest(jobId, digest);
  if (kept === undefined || !isDigest(kept.digest)) throw new TransferError('source-gone', digest);
  return { ...kept, digest: kept.digest };
}

const KEPT: ReadonlySet<string> = new Set(['present', 'mounted', 'done']);

function note({ deps, jobId }: Run, text: string | undefined): void {
  if (text !== undefined) deps.journal.noteLog(jobId, { at: deps.clock.now(), text });
}

function noteBlob(run: Run, place: string, digest: Digest, progress: BlobProgress): void {
  const { live, deps, jobId, onChange } = run;
  const key = blobKey(place, digest);
  const before = live.blobs.get(key)?.state;
  live.setBlob(place, digest, progress);
  const { state } = progress;
  if (KEPT.has(state) && state !== before) {
    deps.journal.noteBlob(jobId, place, digest, state);
    const blob = live.blobs.get(key);
    if (blob !== undefined && live.blobs.size <= MOST_BLOB_LINES) note(run, blobLine(blob));
  }
  onChange();
}

function endRow(run: Run, row: LiveRow, end: RowEnd): void {
  const existing = end.state === 'conflict' ? end.existingDigest : undefined;
  const moved = end.state === 'conflict' ? undefined : end.sourceMovedTo;
  setRow(run, row, {
    state: end.state,
    ...(existing === undefined ? {} : { existingDigest: existing }),
    ...(moved === undefined ? {} : { sourceMovedTo: moved }),
  });
  for (const line of endLines(row, end)) note(run, line);
}

function failRow(run: Run, row: LiveRow, error: unknown): void {
  run.hasFailed = true;
  note(run, failureLine(row, error));
  setRow(run, row, { state: 'failed', error: run.deps.describeError(error) });
}

function setRow({ live, deps, jobId, onChange }: Run, { ordinal }: LiveRow, change: RowChange): void {
  live.setRow(ordinal, change);
  // What is running is queued to whoever reads the journal.
  if (change.state !== 'running') deps.journal.noteRow(jobId, ordinal, change);
  onChange();
}

async function finish({ live, ends, signal, hasFailed }: Run): Promise<JobEnd> {
  const { failedRowCount, conflictRowCount } = live.counts();
  if (conflictRowCount > 0) return { state: 'conflict' };
  if (!hasFailed) await ends.finish(signal);
  return { state: failedRowCount > 0 ? 'failed' : 'done' };
}

function withSessions(deps: JobDeps): RowDeps {
  return { ...deps, sessionOf: (place, digest) => sessionKeeper(deps.journal, place, digest) };
}

function sessionKeeper(journal: TransferJournal, place: string, digest: Digest): SessionKeeper {
  return {
    find: () => {
      const state = journal.session(place, digest);
      return state === undefined ? undefined : { state };
    },
    keep: ({ state }) => journal.keepSession(place, digest, state),
    drop: () => journal.dropSession(place, digest),
  };
}
