import type { JobWatch } from '../jobs/job-watch.ts';
import type { TransferJournal } from '../storage/journal/journal-types.ts';
import type { KeptJob } from './kept-job.ts';
import type { BlobState } from './run/blob-board.ts';
import type { LiveBlob, LiveRow, RowState } from './run/live-job.ts';
import type { TransferBook } from './transfer-book.ts';
import type { TransferDetail, TransfersEvent } from './transfers-types.ts';

const MAX_ROWS = 5000;
const MAX_BLOBS = 2000;
/** A detail of thousands of lines is not drawn ten times a second. */
const SMALL_PACE_MS = 100;
const LARGE_PACE_MS = 500;
const LARGE = 300;

/** What a person looks for stands first. */
const ROW_ORDER: readonly RowState[] = [
  'running',
  'conflict',
  'failed',
  'queued',
  'done',
  'up-to-date',
  'skipped',
  'cancelled',
];
const BLOB_ORDER: readonly BlobState[] = [
  'sending',
  'verifying',
  'checking',
  'failed',
  'queued',
  'done',
  'mounted',
  'present',
];

type Deps = {
  readonly book: TransferBook;
  readonly journal: TransferJournal;
  readonly jobWatch: JobWatch;
  readonly order: () => readonly string[];
};

/** The list of transfers, first as a whole, then what changed. */
export async function* watchTransfers(deps: Deps, signal: AbortSignal): AsyncGenerator<TransfersEvent, void, void> {
  const { book, jobWatch, order } = deps;
  for await (const event of jobWatch.watch(signal)) {
    if (event.kind === 'snapshot') yield { kind: 'snapshot', transfers: book.views(order()) };
    else {
      const changed = event.changed.flatMap((jobId) => (book.has(jobId) ? book.get(jobId).view() : []));
      yield { kind: 'update', changed, removedIds: event.removed };
    }
  }
}

/** One transfer whole, again after each change; ends when it was removed. @throws {NotFoundError} */
export async function* watchTransfer(
  jobId: string,
  { book, journal, jobWatch }: Deps,
  signal: AbortSignal,
): AsyncGenerator<TransferDetail, void, void> {
  const job = book.get(jobId);
  const { rowCount } = job.counts();
  const isLarge = rowCount + job.live().blobs.size > LARGE;
  for await (const _ of jobWatch.watchOne(jobId, signal, isLarge ? LARGE_PACE_MS : SMALL_PACE_MS)) {
    if (!book.has(jobId)) return;
    yield detailOf(job, journal);
  }
}

function detailOf(job: KeptJob, journal: TransferJournal): TransferDetail {
  const { rows, blobs } = job.live();
  return {
    view: job.view(),
    rows: [...rows.values()].toSorted(byPlace).slice(0, MAX_ROWS),
    blobs: [...blobs.values()].toSorted(byUrgency).slice(0, MAX_BLOBS),
    blobCount: blobs.size,
    log: journal.log(job.jobId),
  };
}

function byPlace(one: LiveRow, other: LiveRow): number {
  return ROW_ORDER.indexOf(one.state) - ROW_ORDER.indexOf(other.state) || one.ordinal - other.ordinal;
}

function byUrgency(one: LiveBlob, other: LiveBlob): number {
  return BLOB_ORDER.indexOf(one.state) - BLOB_ORDER.indexOf(other.state) || other.sizeBytes - one.sizeBytes;
}
