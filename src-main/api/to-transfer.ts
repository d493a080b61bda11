import { statSync } from 'node:fs';
import type { PlanEvent, PlanRow, Transfer, TransferBlob, TransferDetail, TransferRow } from '#shared/api/transfers.ts';
import type { PlanEvent as EnginePlanEvent } from '../core/transfer/plan/make-plan.ts';
import type { PlannedRow } from '../core/transfer/plan/plan-types.ts';
import type { LiveBlob, LiveRow } from '../core/transfer/run/live-job.ts';
import type { TransferDetail as EngineDetail, TransferView } from '../core/transfer/transfers-types.ts';
import { parseError } from './kept-error.ts';
import { readyDownload } from './transfer-files.ts';

/** One message holds no more rows than this. */
const ROWS_A_MESSAGE = 200;

/** What a plan says, in messages of at most 200 rows; `describeError` makes the text that `parseError` reads. */
export function* toPlanEvents(
  event: EnginePlanEvent,
  describeError: (error: unknown) => string,
): Generator<PlanEvent, void, void> {
  if (event.kind === 'expanded') yield { ...event };
  else if (event.kind === 'done') yield { kind: 'done', planId: event.plan.planId, totals: { ...event.totals } };
  else {
    for (let from = 0; from < event.rows.length; from += ROWS_A_MESSAGE) {
      const rows = event.rows.slice(from, from + ROWS_A_MESSAGE).map((row) => toPlanRow(row, describeError));
      yield { kind: 'rows', rows, totals: { ...event.totals } };
    }
  }
}

function toPlanRow(row: PlannedRow, describeError: (error: unknown) => string): PlanRow {
  const { recipe: _recipe, state, platforms, ...rest } = row;
  return {
    ...rest,
    platforms: [...platforms],
    state: state.kind === 'failed' ? { kind: 'failed', error: parseError(describeError(state.error)) } : { ...state },
  };
}

/** One transfer of the list. */
export function toTransfer(view: TransferView): Transfer {
  const { jobId, facts, createdAt, finishedAt, error, ...rest } = view;
  const { kind, sources, sourceCount, destination } = facts;
  return {
    transferId: jobId,
    kind,
    sources: [...sources],
    sourceCount,
    destination,
    ...rest,
    createdAt: toIso(createdAt),
    ...(finishedAt === undefined ? {} : { finishedAt: toIso(finishedAt) }),
    ...(error === undefined ? {} : { error: parseError(error) }),
    ...downloadOf(view),
  };
}

/** What a finished pull has for its page; nothing once the file is gone. */
function downloadOf(view: TransferView): Pick<Transfer, 'download'> {
  const ready = readyDownload(view);
  const stats = ready === undefined ? undefined : statSync(ready.path, { throwIfNoEntry: false });
  if (ready === undefined || stats === undefined) return {};
  return { download: { fileName: ready.fileName, sizeBytes: stats.size } };
}

/** One transfer whole. */
export function toTransferDetail({ view, rows, blobs, blobCount, log }: EngineDetail): TransferDetail {
  return {
    transfer: toTransfer(view),
    rows: rows.map(toRow),
    blobs: blobs.map(toBlob),
    blobCount,
    log: log.map(({ at, text }) => ({ at: toIso(at), text })),
  };
}

function toRow({ ordinal: _ordinal, error, ...row }: LiveRow): TransferRow {
  return { ...row, ...(error === undefined ? {} : { error: parseError(error) }) };
}

function toBlob({ digest, role, sizeBytes, sentBytes, state }: LiveBlob): TransferBlob {
  return { digest, role, sizeBytes, sentBytes, state };
}

function toIso(ms: number): string {
  return new Date(ms).toISOString();
}
