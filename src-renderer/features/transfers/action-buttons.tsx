import type { Transfer } from '#shared/api/transfers.ts';
import type { TransferAction } from '../../lib/transfer-actions.ts';
import { transferName } from '../../lib/transfer-text.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import {
  CancelledIcon,
  CloseIcon,
  DownloadIcon,
  FindNextIcon,
  FindPreviousIcon,
  FolderOpenIcon,
  PauseIcon,
  ResumeIcon,
  RetryIcon,
  WarningIcon,
  type Icon,
} from '../../ui/icons.ts';

type Look = { readonly label: string; readonly icon: Icon; readonly isMain?: boolean };

const LOOKS: Readonly<Record<TransferAction, Look>> = {
  decide: { label: 'Decide…', icon: WarningIcon, isMain: true },
  download: { label: 'Download', icon: DownloadIcon, isMain: true },
  reveal: { label: 'Show in folder', icon: FolderOpenIcon },
  resume: { label: 'Resume', icon: ResumeIcon },
  retry: { label: 'Try again', icon: RetryIcon },
  pause: { label: 'Pause', icon: PauseIcon },
  earlier: { label: 'Earlier', icon: FindPreviousIcon },
  later: { label: 'Later', icon: FindNextIcon },
  cancel: { label: 'Cancel', icon: CancelledIcon },
  remove: { label: 'Remove from the list', icon: CloseIcon },
};

export type ActionButtonsProps = {
  readonly transfer: Transfer;
  readonly actions: readonly TransferAction[];
  readonly onRun: (action: TransferAction, transfer: Transfer) => void;
  /** With words; else as icons but for the one that waits for a person. */
  readonly labelled?: boolean;
};

/** What can be done with one transfer. */
export function ActionButtons({ transfer, actions, onRun, labelled = false }: ActionButtonsProps) {
  const name = transferName(transfer);
  return actions.map((action) => {
    const { label, icon, isMain = false } = LOOKS[action];
    const run = () => {
      onRun(action, transfer);
    };
    return labelled || isMain ? (
      <Button
        key={action}
        size="sm"
        variant={isMain ? 'primary' : 'secondary'}
        icon={icon}
        aria-label={`${label}: ${name}`}
        onClick={run}
      >
        {label}
      </Button>
    ) : (
      <IconButton key={action} size="sm" label={`${label}: ${name}`} icon={icon} onClick={run} />
    );
  });
}
