import type { Transfer } from '#shared/api/transfers.ts';
import { stateText } from '../../lib/transfer-text.ts';
import {
  CancelledIcon,
  ErrorIcon,
  PausedIcon,
  PendingIcon,
  SuccessIcon,
  WarningIcon,
  type Icon,
} from '../../ui/icons.ts';
import { Spinner } from '../../ui/spinner.tsx';
import css from './transfers.module.css';

const ICONS: Readonly<Record<Exclude<Transfer['state'], 'running' | 'pausing'>, Icon>> = {
  queued: PendingIcon,
  paused: PausedIcon,
  conflict: WarningIcon,
  done: SuccessIcon,
  failed: ErrorIcon,
  cancelled: CancelledIcon,
};

/** The state of a transfer at a glance. The word for it stands beside it. */
export function StateIcon({ transfer }: { readonly transfer: Transfer }) {
  const { state } = transfer;
  const { tone } = stateText(transfer);
  if (state === 'running' || state === 'pausing') {
    return (
      <span className={css['accent']}>
        <Spinner size={16} />
      </span>
    );
  }
  const isPartly = state === 'done' && tone === 'danger';
  const IconPart = isPartly ? ErrorIcon : ICONS[state];
  return <IconPart size={16} aria-hidden className={css[tone]} />;
}
