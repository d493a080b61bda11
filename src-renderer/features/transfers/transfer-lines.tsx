import type { Transfer } from '#shared/api/transfers.ts';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useRef } from 'react';
import { TransferLine } from './transfer-line.tsx';
import css from './transfers.module.css';
import type { TransferActions } from './use-transfer-actions.ts';

export type TransferLinesProps = {
  readonly transfers: readonly Transfer[];
  readonly chosenId: string | undefined;
  readonly actions: TransferActions;
};

const LINE = 64;

/** All transfers, as far as they are in view: the history may be long. */
export function TransferLines({ transfers, chosenId, actions }: TransferLinesProps) {
  'use no memo';
  const scroller = useRef<HTMLDivElement>(null);
  const getItemKey = useCallback((index: number) => transfers[index]?.transferId ?? index, [transfers]);
  const virtualizer = useVirtualizer({
    count: transfers.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE,
    getItemKey,
    overscan: 6,
  });
  return (
    <div ref={scroller} className={css['list']}>
      <ul aria-label="Transfers" className={css['virtual']} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ key, index, start }) => {
          const transfer = transfers[index];
          return transfer === undefined ? null : (
            <li
              key={key}
              aria-posinset={index + 1}
              aria-setsize={transfers.length}
              style={{ transform: `translateY(${start}px)` }}
            >
              <TransferLine transfer={transfer} actions={actions} isCurrent={transfer.transferId === chosenId} />
            </li>
          );
        })}
      </ul>
    </div>
  );
}
