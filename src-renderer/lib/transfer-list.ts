import type { Transfer, TransfersEvent } from '#shared/api/transfers.ts';

const UNENDED: ReadonlySet<Transfer['state']> = new Set(['queued', 'running', 'pausing', 'paused', 'conflict']);
const MOVING: ReadonlySet<Transfer['state']> = new Set(['running', 'pausing']);

/** It goes on, or may go on once somebody does something. */
export function isOpen({ state }: Transfer): boolean {
  return UNENDED.has(state);
}

/** The list after a message of the engine. What is not known yet comes as a snapshot too, which knows its place. */
export function applyEvent(list: readonly Transfer[], event: TransfersEvent): readonly Transfer[] {
  if (event.kind === 'snapshot') return event.transfers;
  const changed = new Map(event.changed.map((transfer) => [transfer.transferId, transfer]));
  const removed = new Set(event.removedIds);
  const known = list
    .filter(({ transferId }) => !removed.has(transferId))
    .map((transfer) => {
      const next = changed.get(transfer.transferId) ?? transfer;
      changed.delete(transfer.transferId);
      return next;
    });
  const firstEnded = known.findIndex((transfer) => !isOpen(transfer));
  return known.toSpliced(firstEnded === -1 ? known.length : firstEnded, 0, ...changed.values());
}

/** All that runs or waits, in one line. */
export type TransfersSummary = {
  readonly runningCount: number;
  readonly queuedCount: number;
  readonly pausedCount: number;
  /** Those that wait for a person: a tag changed, or a sign-in is needed. */
  readonly waitingCount: number;
  readonly openCount: number;
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** Absent while nothing moves. */
  readonly bytesPerSecond: number | undefined;
  readonly secondsLeft: number | undefined;
};

function waits({ state, error }: Transfer): boolean {
  return state === 'conflict' || (state === 'paused' && error !== undefined);
}

export function summarise(list: readonly Transfer[]): TransfersSummary {
  const open = list.filter(isOpen);
  const moving = open.filter(({ state }) => MOVING.has(state));
  const sum = (numberOf: (transfer: Transfer) => number, of = open) =>
    of.reduce((total, transfer) => total + numberOf(transfer), 0);
  const speed = sum(({ bytesPerSecond = 0 }) => bytesPerSecond, moving);
  const left = sum(({ totalBytes, doneBytes }) => totalBytes - doneBytes, moving);
  return {
    runningCount: moving.length,
    queuedCount: open.filter(({ state }) => state === 'queued').length,
    pausedCount: open.filter((transfer) => transfer.state === 'paused' && !waits(transfer)).length,
    waitingCount: open.filter(waits).length,
    openCount: open.length,
    doneBytes: sum(({ doneBytes }) => doneBytes),
    totalBytes: sum(({ totalBytes }) => totalBytes),
    bytesPerSecond: speed > 0 ? speed : undefined,
    secondsLeft: speed > 0 ? left / speed : undefined,
  };
}

export type TransferNews = { readonly transfer: Transfer; readonly kind: 'done' | 'failed' | 'waiting' };

function newsOf(before: Transfer | undefined, transfer: Transfer): TransferNews['kind'] | undefined {
  if (before === undefined || before.state === transfer.state) return undefined;
  if (transfer.state === 'done') return transfer.failedRowCount > 0 ? 'failed' : 'done';
  if (transfer.state === 'failed') return 'failed';
  return waits(transfer) && !waits(before) ? 'waiting' : undefined;
}

/** What has happened that somebody may be waiting for. What was so when the list was first read is no news. */
export function newsBetween(before: readonly Transfer[], after: readonly Transfer[]): readonly TransferNews[] {
  const known = new Map(before.map((transfer) => [transfer.transferId, transfer]));
  return after.flatMap((transfer) => {
    const kind = newsOf(known.get(transfer.transferId), transfer);
    return kind === undefined ? [] : [{ transfer, kind }];
  });
}

/** Whether there is something to show at the foot of the window: what goes on, waits to be downloaded, or is news. */
export function isDockNeeded(list: readonly Transfer[], unseenIds: ReadonlySet<string>): boolean {
  return list.some(
    (transfer) => isOpen(transfer) || transfer.download !== undefined || unseenIds.has(transfer.transferId),
  );
}
