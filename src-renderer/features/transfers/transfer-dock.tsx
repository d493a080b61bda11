import { useNavigate } from 'react-router';
import { transfersPath } from '../../lib/paths.ts';
import { isOpen, summarise } from '../../lib/transfer-list.ts';
import { newsText, summaryText } from '../../lib/transfer-text.ts';
import { useTransferList, type TransferList } from '../../queries/transfers.ts';
import { useTransfersView } from '../../state/transfers-view.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { ChevronDownIcon, ChevronUpIcon, CloseIcon, OfflineIcon, TransfersIcon } from '../../ui/icons.ts';
import css from './dock.module.css';
import { PauseButtons } from './pause-buttons.tsx';
import { TransferLine } from './transfer-line.tsx';
import { useTransferActions } from './use-transfer-actions.ts';

/** Ended ones in the dock; the page has all. */
const ENDED_SHOWN = 10;

/** What runs, in one line at the foot of the window, and the list above it once it is unfolded. */
export function TransferDock() {
  const list = useTransferList();
  const isUnfolded = useTransfersView((state) => state.isDockOpen);
  if (list === undefined) return null;
  return (
    <section aria-label="Transfers" className={css['dock']}>
      {isUnfolded && <Panel list={list} />}
      <Strip list={list} />
    </section>
  );
}

function Panel({ list }: { readonly list: TransferList }) {
  const actions = useTransferActions(list.transfers);
  const open = list.transfers.filter(isOpen);
  const ended = list.transfers.filter((transfer) => !isOpen(transfer)).slice(0, ENDED_SHOWN);
  return (
    <div className={css['panel']} id="transfers-panel">
      {actions.error !== undefined && <ErrorState compact error={actions.error} />}
      {open.length + ended.length === 0 ? (
        <p className={css['empty']}>Nothing has been copied yet. Drag an image onto a registry, or use its menu.</p>
      ) : (
        <ul>
          {[...open, ...ended].map((transfer) => (
            <li key={transfer.transferId}>
              <TransferLine transfer={transfer} actions={actions} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** The one line: what runs, else what ended last. */
function stripText(list: TransferList): string {
  const running = summaryText(summarise(list.transfers));
  if (running !== undefined) return running;
  const [last] = list.transfers;
  if (last === undefined) return 'No transfers';
  const isGood = last.state === 'done' && last.failedRowCount === 0;
  if (last.state === 'cancelled') return 'The last transfer was cancelled';
  return newsText({ transfer: last, kind: isGood ? 'done' : 'failed' });
}

function Strip({ list }: { readonly list: TransferList }) {
  const navigate = useNavigate();
  const { isDockOpen, toggleDock, closeDock } = useTransfersView();
  const summary = summarise(list.transfers);
  const { openCount, doneBytes, totalBytes } = summary;
  const share = totalBytes === 0 ? 0 : doneBytes / totalBytes;
  return (
    <div className={css['strip']}>
      {openCount > 0 && <span className={css['progress']} style={{ width: `${share * 100}%` }} aria-hidden />}
      <button
        type="button"
        className={css['toggle']}
        aria-expanded={isDockOpen}
        aria-controls={isDockOpen ? 'transfers-panel' : undefined}
        onClick={toggleDock}
      >
        {list.isLive ? <TransfersIcon size={14} aria-hidden /> : <OfflineIcon size={14} aria-hidden />}
        <span className={css['title']}>Transfers</span>
        <span className={css['text']}>
          {!list.isLive && 'Gantry does not answer; as it was: '}
          {stripText(list)}
        </span>
        {isDockOpen ? <ChevronDownIcon size={14} aria-hidden /> : <ChevronUpIcon size={14} aria-hidden />}
      </button>
      <PauseButtons variant="ghost" />
      <Button size="sm" variant="ghost" onClick={() => void navigate(transfersPath())}>
        All transfers
      </Button>
      {openCount === 0 && <IconButton size="sm" label="Hide transfers" icon={CloseIcon} onClick={closeDock} />}
    </div>
  );
}
