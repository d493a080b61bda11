import type { Transfer } from '#shared/api/transfers.ts';
import { isOpen } from './transfer-list.ts';

export type TransferAction =
  | 'pause'
  | 'resume'
  | 'cancel'
  | 'retry'
  | 'decide'
  | 'earlier'
  | 'later'
  | 'download'
  | 'reveal'
  | 'remove';

/** Its place among those that wait for their turn; -1 for others. */
export function queuePlace(list: readonly Transfer[], transferId: string): number {
  return list.filter(({ state }) => state === 'queued').findIndex((transfer) => transfer.transferId === transferId);
}

export type ActionContext = {
  readonly queuePlace: number;
  readonly queuedCount: number;
  /** The host can show files of this machine. */
  readonly canReveal: boolean;
};

/** What can be done with a transfer now, the most likely first. */
export function actionsOf(transfer: Transfer, context: ActionContext): readonly TransferAction[] {
  const { state, kind, download } = transfer;
  const { queuePlace: place, queuedCount } = context;
  const isPull = kind === 'pull' && state === 'done';
  const offered: ReadonlyArray<readonly [TransferAction, boolean]> = [
    ['decide', state === 'conflict'],
    ['download', download !== undefined],
    ['reveal', isPull && download === undefined && context.canReveal],
    ['resume', state === 'paused'],
    ['retry', state === 'failed' || state === 'cancelled' || (state === 'done' && transfer.failedRowCount > 0)],
    ['pause', state === 'queued' || state === 'running'],
    ['earlier', place > 0],
    ['later', place >= 0 && place < queuedCount - 1],
    ['cancel', isOpen(transfer)],
    ['remove', !isOpen(transfer)],
  ];
  return offered.flatMap(([action, isThere]) => (isThere ? [action] : []));
}
