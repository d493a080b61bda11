import type { AppError } from '#shared/api/app-error.ts';
import type { Transfer } from '#shared/api/transfers.ts';
import { useNavigate } from 'react-router';
import { transfersPath } from '../../lib/paths.ts';
import { actionsOf, queuePlace, type TransferAction } from '../../lib/transfer-actions.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import { useHostInfo } from '../../queries/host.ts';
import { useTransferCalls } from '../../queries/transfers.ts';
import { startDownload } from '../../ui/start-download.ts';

export type TransferActions = {
  readonly of: (transfer: Transfer) => readonly TransferAction[];
  readonly run: (action: TransferAction, transfer: Transfer) => void;
  /** Why the last of them did not work. */
  readonly error: AppError | undefined;
};

/** What can be done with the transfers of a list, and the doing of it. */
export function useTransferActions(list: readonly Transfer[]): TransferActions {
  const navigate = useNavigate();
  const calls = useTransferCalls();
  const canReveal = useHostInfo().data?.capabilities.nativeDialogs === true;
  const queuedCount = list.filter(({ state }) => state === 'queued').length;
  const moveBy = (step: number, transferId: string) => {
    calls.move.mutate({ transferId, position: Math.max(0, queuePlace(list, transferId) + step) });
  };
  const download = ({ transferId, download }: Transfer) => {
    calls.downloadLink.mutate(
      { transferId },
      {
        onSuccess: ({ path }) => {
          startDownload(path, download?.fileName ?? 'images.tar');
        },
      },
    );
  };
  const doing: Readonly<Record<TransferAction, (transfer: Transfer) => void>> = {
    pause: ({ transferId }) => {
      calls.pause.mutate({ transferId });
    },
    resume: ({ transferId }) => {
      calls.resume.mutate({ transferId });
    },
    cancel: ({ transferId }) => {
      calls.cancel.mutate({ transferId });
    },
    retry: ({ transferId }) => {
      calls.retry.mutate({ transferId });
    },
    decide: ({ transferId }) => void navigate(transfersPath(transferId)),
    earlier: ({ transferId }) => {
      moveBy(-1, transferId);
    },
    later: ({ transferId }) => {
      moveBy(1, transferId);
    },
    download,
    reveal: ({ transferId }) => {
      calls.reveal.mutate({ transferId });
    },
    remove: ({ transferId }) => {
      calls.remove.mutate({ transferIds: [transferId] });
    },
  };
  const failed = Object.values(calls).find(({ error }) => error !== null)?.error;
  return {
    of: (transfer) =>
      actionsOf(transfer, { queuePlace: queuePlace(list, transfer.transferId), queuedCount, canReveal }),
    run: (action, transfer) => {
      for (const call of Object.values(calls)) call.reset();
      doing[action](transfer);
    },
    error: failed === undefined || failed === null ? undefined : appErrorOf(failed),
  };
}
