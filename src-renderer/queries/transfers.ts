import type { Transfer } from '#shared/api/transfers.ts';
import { skipToken, useMutation, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent } from 'react';
import { api } from '../host/index.ts';
import { applyEvent, isDockNeeded, newsBetween, type TransferNews } from '../lib/transfer-list.ts';
import { useTransfersView } from '../state/transfers-view.ts';
import { orpc } from './client.ts';
import { keepWatching } from './keep-watching.ts';

export type TransferList = {
  /** What runs or waits in the order of the queue, then what has ended, newest first. */
  readonly transfers: readonly Transfer[];
  /** False while the engine cannot be heard: what is shown is from before. */
  readonly isLive: boolean;
};

const LIST_KEY = [...orpc.transfers.key(), 'list'] as const;

function listOf(client: QueryClient): TransferList | undefined {
  return client.getQueryData<TransferList>(LIST_KEY);
}

/** Undefined until the engine has told the list once. */
export function useTransferList(): TransferList | undefined {
  const query = useQuery<TransferList>({
    queryKey: LIST_KEY,
    queryFn: skipToken,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  });
  return query.data;
}

/** Whether the strip at the foot of the window is there. The page of transfers shows all of it already. */
export function useIsDockShown(isTransfersPage: boolean): boolean {
  const list = useTransferList();
  const isUnfolded = useTransfersView((state) => state.isDockOpen);
  const unseenIds = useTransfersView((state) => state.unseenIds);
  if (list === undefined || isTransfersPage) return false;
  return isUnfolded || isDockNeeded(list.transfers, unseenIds);
}

/**
 * Keeps the list in step with the engine for as long as the window is there; the stream is opened again when it breaks.
 * A tab in the background lets go of it: a browser opens six connections to one host, and other tabs need theirs.
 */
export function useWatchTransfers(onNews: (news: readonly TransferNews[]) => void): void {
  const client = useQueryClient();
  const tell = useEffectEvent(onNews);
  useEffect(() => {
    let controller: AbortController | undefined;
    const start = ({ signal }: AbortController) => {
      void keepWatching(
        {
          open: () => api.transfers.watch(undefined, { signal }),
          onEvent: (event) => {
            const before = listOf(client);
            const transfers = applyEvent(before?.transfers ?? [], event);
            client.setQueryData<TransferList>(LIST_KEY, { transfers, isLive: true });
            if (before !== undefined) tell(newsBetween(before.transfers, transfers));
          },
          onLost: () => {
            client.setQueryData<TransferList>(LIST_KEY, (list) => list && { ...list, isLive: false });
          },
        },
        signal,
      );
    };
    const follow = () => {
      if (document.hidden) {
        controller?.abort();
        controller = undefined;
      } else if (controller === undefined) {
        controller = new AbortController();
        start(controller);
      }
    };
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      document.removeEventListener('visibilitychange', follow);
      controller?.abort();
    };
  }, [client]);
}

/** Shows at once what a call answered; the stream says the same a moment later. */
function useChange() {
  const client = useQueryClient();
  return (changed: Transfer) => {
    client.setQueryData<TransferList>(
      LIST_KEY,
      (list) =>
        list && {
          ...list,
          transfers: applyEvent(list.transfers, { kind: 'update', changed: [changed], removedIds: [] }),
        },
    );
  };
}

export function useStartTransfer() {
  return useMutation(orpc.transfers.start.mutationOptions());
}

/** Everything that can be done to one transfer; each is a mutation with an error of its own. */
export function useTransferCalls() {
  const onSuccess = useChange();
  return {
    pause: useMutation(orpc.transfers.pause.mutationOptions({ onSuccess })),
    resume: useMutation(orpc.transfers.resume.mutationOptions({ onSuccess })),
    cancel: useMutation(orpc.transfers.cancel.mutationOptions({ onSuccess })),
    retry: useMutation(orpc.transfers.retry.mutationOptions({ onSuccess })),
    move: useMutation(orpc.transfers.move.mutationOptions()),
    remove: useMutation(orpc.transfers.remove.mutationOptions()),
    reveal: useMutation(orpc.transfers.reveal.mutationOptions()),
    downloadLink: useMutation(orpc.transfers.downloadLink.mutationOptions()),
  };
}

export function useDecideTransfer() {
  const onSuccess = useChange();
  return useMutation(orpc.transfers.decide.mutationOptions({ onSuccess }));
}

/** The wire takes a thousand at a time. */
const REMOVED_AT_ONCE = 1000;

/** Takes ended transfers out of the list. */
export function useRemoveEnded(): (transferIds: readonly string[]) => void {
  const { mutate } = useMutation(orpc.transfers.remove.mutationOptions());
  return (transferIds) => {
    for (let start = 0; start < transferIds.length; start += REMOVED_AT_ONCE) {
      mutate({ transferIds: transferIds.slice(start, start + REMOVED_AT_ONCE) });
    }
  };
}

export function usePauseAll() {
  return {
    pauseAll: useMutation(orpc.transfers.pauseAll.mutationOptions()),
    resumeAll: useMutation(orpc.transfers.resumeAll.mutationOptions()),
  };
}

/** Asks where to save; only where the host has dialogs of its own. */
export function useChooseDestination() {
  return useMutation(orpc.transfers.chooseDestination.mutationOptions());
}
