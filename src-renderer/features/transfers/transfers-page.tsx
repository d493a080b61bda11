import type { Transfer } from '#shared/api/transfers.ts';
import { useEffect } from 'react';
import { useParams } from 'react-router';
import { isOpen, summarise } from '../../lib/transfer-list.ts';
import { countsText } from '../../lib/transfer-text.ts';
import { useRemoveEnded, useTransferList, type TransferList } from '../../queries/transfers.ts';
import { pushArchives } from '../../state/transfer-commands.ts';
import { useTransfersView } from '../../state/transfers-view.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { TransfersIcon, UploadIcon } from '../../ui/icons.ts';
import { Spinner } from '../../ui/spinner.tsx';
import { PauseButtons } from './pause-buttons.tsx';
import { TransferDetail } from './transfer-detail.tsx';
import { TransferLines } from './transfer-lines.tsx';
import css from './transfers.module.css';
import { useTransferActions, type TransferActions } from './use-transfer-actions.ts';

const NONE: readonly Transfer[] = [];

function Header() {
  const transfers = useTransferList()?.transfers ?? [];
  const removeEnded = useRemoveEnded();
  const summary = summarise(transfers);
  const ended = transfers.filter((transfer) => !isOpen(transfer)).map(({ transferId }) => transferId);
  return (
    <header className={css['header']}>
      <h1 className={css['title']}>Transfers</h1>
      <span className={css['summary']}>{countsText(summary)}</span>
      <PauseButtons />
      {ended.length > 0 && (
        <Button
          size="sm"
          onClick={() => {
            removeEnded(ended);
          }}
        >
          Clear ended
        </Button>
      )}
      <Button
        size="sm"
        icon={UploadIcon}
        onClick={() => {
          pushArchives([]);
        }}
      >
        Push an archive…
      </Button>
    </header>
  );
}

function Nothing() {
  return (
    <EmptyState icon={TransfersIcon} title="Nothing has been moved yet">
      Drag a tag, some of them or a whole repository onto a registry, a path or a repository in the tree. The menu of
      each does the same, and Ctrl C marks what Ctrl V puts down. An archive dropped on the tree is pushed.
    </EmptyState>
  );
}

type PanesProps = {
  readonly list: TransferList;
  readonly transferId: string | undefined;
  readonly actions: TransferActions;
};

function Panes({ list, transferId, actions }: PanesProps) {
  const { transfers } = list;
  const chosen = transfers.find((transfer) => transfer.transferId === transferId);
  return (
    <div className={css['panes']} data-chosen={chosen === undefined ? undefined : true}>
      <TransferLines transfers={transfers} chosenId={chosen?.transferId} actions={actions} />
      {chosen === undefined ? (
        <div className={css['rest']}>
          <EmptyState
            title={transferId === undefined ? 'Choose a transfer' : 'This transfer is not in the list any more'}
          >
            Its images, blobs and log are shown here.
          </EmptyState>
        </div>
      ) : (
        <TransferDetail key={chosen.transferId} transfer={chosen} actions={actions} />
      )}
    </div>
  );
}

/** What was news is seen while the page is shown. */
function useSeen(): void {
  const unseenIds = useTransfersView((state) => state.unseenIds);
  const markSeen = useTransfersView((state) => state.markSeen);
  useEffect(() => {
    if (unseenIds.size > 0) markSeen();
  }, [unseenIds, markSeen]);
}

/** Every transfer there is, and the details of one. */
export function TransfersPage() {
  const { transferId } = useParams();
  const list = useTransferList();
  const actions = useTransferActions(list?.transfers ?? NONE);
  useSeen();
  return (
    <section className={css['page']} aria-label="Transfers">
      <Header />
      {list?.isLive === false && (
        <Banner tone="offline">
          Gantry does not answer. This is how the transfers were; what runs goes on without the page.
        </Banner>
      )}
      {actions.error !== undefined && <ErrorState compact error={actions.error} />}
      {list === undefined ? (
        <div className={css['rest']}>
          <Spinner label="Loading" />
        </div>
      ) : list.transfers.length === 0 ? (
        <Nothing />
      ) : (
        <Panes list={list} transferId={transferId} actions={actions} />
      )}
    </section>
  );
}
