import { assertNever } from '../../lib/assert-never.ts';
import type { TransferDraft } from '../../lib/transfer-draft.ts';
import { CopyWizard } from './copy-wizard.tsx';
import { PullWizard } from './pull-wizard.tsx';
import { PushWizard } from './push-wizard.tsx';

export type TransferDialogProps = { readonly draft: TransferDraft; readonly onClose: () => void };

/** The wizard for what is to be moved. */
export function TransferDialog({ draft, onClose }: TransferDialogProps) {
  switch (draft.kind) {
    case 'copy':
      return <CopyWizard draft={draft} onClose={onClose} />;
    case 'push':
      return <PushWizard draft={draft} onClose={onClose} />;
    case 'pull':
      return <PullWizard draft={draft} onClose={onClose} />;
    default:
      return assertNever(draft);
  }
}
