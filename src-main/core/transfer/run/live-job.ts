import { type Digest, isDigest } from '#shared/oci/digest.ts';
import { createRate } from '../../jobs/rate.ts';
import type { Clock } from '../../ports.ts';
import type { JobBlobRecord, JobRowRecord } from '../../storage/journal/journal-types.ts';
import type { PlanBlob } from '../plan/plan-types.ts';
import type { BlobProgress, BlobState } from './blob-board.ts';

export type RowState = 'queued' | 'running' | 'done' | 'up-to-date' | 'skipped' | 'conflict' | 'failed' | 'cancelled';

/** A row as it stands now. `error` is what `describeError` of the transfers made of it. */
export type LiveRow = {
  readonly ordinal: number;
  readonly rowId: string;
  readonly source: string;
  readonly destination: string;
  readonly state: RowState;
  readonly resultDigest?: Digest;
  readonly existingDigest?: Digest;
  /** What the source's tag names by now, where that is not what was copied. */
  readonly sourceMovedTo?: Digest;
  readonly error?: string;
};

export type RowChange = Pick<LiveRow, 'state' | 'existingDigest' | 'sourceMovedTo' | 'error'> & {
  readonly destination?: string;
};

export type LiveBlob = {
  readonly place: string;
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly mediaType: string;
  readonly role: PlanBlob['role'];
  readonly state: BlobState;
  readonly sentBytes: number;
};

export type LiveCounts = {
  readonly totalBytes: number;
  /** Of blobs that are at the destination, however they came there, and the sent part of those on their way. */
  readonly doneBytes: number;
  readonly sentBytes: number;
  readonly rowCount: number;
  readonly doneRowCount: number;
  readonly failedRowCount: number;
  readonly conflictRowCount: number;
};

/** One job while this process knows it: its rows and blobs with their counts, kept up as they change. */
export type LiveJob = {
  readonly rows: ReadonlyMap<number, LiveRow>;
  readonly blobs: ReadonlyMap<string, LiveBlob>;
  counts(): LiveCounts;
  bytesPerSecond(): number | undefined;
  /** What was said of its former state, an error or a conflict, goes with it. */
  setRow(ordinal: number, change: RowChange): void;
  setBlob(place: string, digest: Digest, progress: BlobProgress): void;
  /** Bytes came from a source. */
  read(bytes: number): void;
};

const DONE_ROWS: ReadonlySet<RowState> = new Set(['done', 'up-to-date', 'skipped']);
const DONE_BLOBS: ReadonlySet<BlobState> = new Set(['present', 'mounted', 'done']);
const ROW_STATES: readonly RowState[] = [
  'queued',
  'running',
  'done',
  'up-to-date',
  'skipped',
  'conflict',
  'failed',
  'cancelled',
];

type Counts = { -readonly [K in keyof LiveCounts]: number };

export function createLiveJob(
  records: { readonly rows: readonly JobRowRecord[]; readonly blobs: readonly JobBlobRecord[] },
  clock: Pick<Clock, 'now'>,
): LiveJob {
  const rows = new Map(records.rows.map((row): [number, LiveRow] => [row.ordinal, fromRowRecord(row)]));
  const blobs = new Map(records.blobs.flatMap((blob) => fromBlobRecord(blob)));
  const rate = createRate(clock);
  const counts: Counts = {
    totalBytes: 0,
    doneBytes: 0,
    sentBytes: 0,
    rowCount: rows.size,
    doneRowCount: 0,
    failedRowCount: 0,
    conflictRowCount: 0,
  };
  for (const row of rows.values()) countRow(counts, row, 1);
  for (const blob of blobs.values()) {
    counts.totalBytes += blob.sizeBytes;
    countBlob(counts, blob, 1);
  }

  return {
    rows,
    blobs,
    counts: () => ({ ...counts }),
    bytesPerSecond: rate.perSecond,
    read: rate.add,
    setRow: (ordinal, change) => {
      const before = rows.get(ordinal);
      if (before === undefined) return;
      const { error: _error, existingDigest: _existing, sourceMovedTo: _moved, ...rest } = before;
      const after = { ...rest, ...change };
      countRow(counts, before, -1);
      countRow(counts, after, 1);
      rows.set(ordinal, after);
    },
    setBlob: (place, digest, { state, sentBytes }) => {
      const before = blobs.get(blobKey(place, digest));
      if (before === undefined) return;
      // A session may lose some and be sent it again: what a person sees goes on, not back.
      const after = { ...before, state, sentBytes: Math.max(before.sentBytes, sentBytes) };
      countBlob(counts, before, -1);
      countBlob(counts, after, 1);
      blobs.set(blobKey(place, digest), after);
    },
  };
}

export function blobKey(place: string, digest: string): string {
  return `${place} ${digest}`;
}

function countRow(counts: Counts, { state }: LiveRow, sign: 1 | -1): void {
  if (DONE_ROWS.has(state)) counts.doneRowCount += sign;
  if (state === 'failed') counts.failedRowCount += sign;
  if (state === 'conflict') counts.conflictRowCount += sign;
}

function countBlob(counts: Counts, { state, sizeBytes, sentBytes }: LiveBlob, sign: 1 | -1): void {
  counts.doneBytes += sign * (DONE_BLOBS.has(state) ? sizeBytes : sentBytes);
  counts.sentBytes += sign * sentBytes;
}

function fromRowRecord({ state, resultDigest, existingDigest, sourceMovedTo, ...row }: JobRowRecord): LiveRow {
  return {
    ...row,
    state: ROW_STATES.find((each) => each === state) ?? 'queued',
    ...(resultDigest !== undefined && isDigest(resultDigest) ? { resultDigest } : {}),
    ...(existingDigest !== undefined && isDigest(existingDigest) ? { existingDigest } : {}),
    ...(sourceMovedTo !== undefined && isDigest(sourceMovedTo) ? { sourceMovedTo } : {}),
  };
}

/** `sent`, `present` and `mounted` are kept; everything else is still to be brought. */
function fromBlobRecord(record: JobBlobRecord): readonly (readonly [string, LiveBlob])[] {
  const { digest, state, sizeBytes } = record;
  if (!isDigest(digest)) return [];
  const role = ROLES.find((each) => each === record.role) ?? 'blob';
  const kept = KEPT_STATES.get(state) ?? 'queued';
  const sentBytes = kept === 'done' ? sizeBytes : 0;
  return [[blobKey(record.place, digest), { ...record, digest, role, state: kept, sentBytes }]];
}

const ROLES: readonly PlanBlob['role'][] = ['config', 'layer', 'referrer', 'blob'];

const KEPT_STATES: ReadonlyMap<string, BlobState> = new Map([
  ['done', 'done'],
  ['present', 'present'],
  ['mounted', 'mounted'],
]);
