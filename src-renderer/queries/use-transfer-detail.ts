import type { TransferDetail } from '#shared/api/transfers.ts';
import { useEffect, useState } from 'react';
import { api } from '../host/index.ts';
import { keepWatching } from './keep-watching.ts';

/** Rows, blobs and log of one transfer as they change, while somebody looks. */
export function useTransferDetail(transferId: string): TransferDetail | undefined {
  const [read, setRead] = useState<TransferDetail>();
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    void keepWatching({ open: () => api.transfers.watchOne({ transferId }, { signal }), onEvent: setRead }, signal);
    return () => {
      controller.abort();
    };
  }, [transferId]);
  return read?.transfer.transferId === transferId ? read : undefined;
}
