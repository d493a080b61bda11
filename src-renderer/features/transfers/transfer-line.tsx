import type { Transfer } from '#shared/api/transfers.ts';
import { displayText } from '#shared/oci/display-text.ts';
import type { KeyboardEvent } from 'react';
import { Link } from 'react-router';
import { errorText } from '../../lib/error-text.ts';
import { transfersPath } from '../../lib/paths.ts';
import { isOpen } from '../../lib/transfer-list.ts';
import { kindText, progressText, stateText, transferName, transferSource } from '../../lib/transfer-text.ts';
import { cx } from '../../ui/cx.ts';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { ActionButtons } from './action-buttons.tsx';
import { StateIcon } from './state-icon.tsx';
import css from './transfers.module.css';
import type { TransferActions } from './use-transfer-actions.ts';
import { isShortcut } from '../../lib/shortcuts.ts';

export type TransferLineProps = {
  readonly transfer: Transfer;
  readonly actions: TransferActions;
  readonly isCurrent?: boolean;
};

function Facts({ transfer }: { readonly transfer: Transfer }) {
  const { text, tone } = stateText(transfer);
  const { error, finishedAt } = transfer;
  return (
    <span className={css['facts']}>
      <span className={css[tone]}>{text}</span>
      {' · '}
      {error === undefined ? progressText(transfer) : <SafeText text={errorText(error).title} />}
      {finishedAt !== undefined && (
        <>
          {' · '}
          <TimeAgo time={finishedAt} />
        </>
      )}
    </span>
  );
}

const QUEUE_KEYS = ['earlier', 'later'] as const;

/** One transfer in a list. Alt+Up and Alt+Down move it in the queue. */
export function TransferLine({ transfer, actions, isCurrent = false }: TransferLineProps) {
  const offered = actions.of(transfer);
  const onKeyDown = (event: KeyboardEvent) => {
    const action = QUEUE_KEYS.find((each) => isShortcut(event, each));
    if (action === undefined || !offered.includes(action)) return;
    event.preventDefault();
    actions.run(action, transfer);
  };
  const { totalBytes, doneBytes } = transfer;
  const share = totalBytes === 0 ? undefined : doneBytes / totalBytes;
  return (
    <div className={cx(css['line'], isCurrent && css['current'])}>
      <StateIcon transfer={transfer} />
      <div className={css['words']}>
        <Link
          to={transfersPath(transfer.transferId)}
          aria-current={isCurrent ? 'true' : undefined}
          className={css['name']}
          onKeyDown={onKeyDown}
          title={displayText(`${transferSource(transfer)} → ${transfer.destination}`)}
        >
          {kindText(transfer.kind)} <SafeText text={transferSource(transfer)} />
          <span className={css['to']}>
            {' to '}
            <SafeText text={transfer.destination} />
          </span>
        </Link>
        <Facts transfer={transfer} />
        {isOpen(transfer) && (
          <ProgressBar
            label={transferName(transfer)}
            share={transfer.state === 'queued' ? 0 : share}
            tone={transfer.state === 'running' ? 'accent' : 'neutral'}
            text={progressText(transfer)}
          />
        )}
      </div>
      <div className={css['actions']}>
        <ActionButtons transfer={transfer} actions={offered} onRun={actions.run} />
      </div>
    </div>
  );
}
