import { appErrorOf } from '../../queries/app-error.ts';
import { useTrustTokenHost } from '../../queries/accounts.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { SafeText } from '../../ui/safe-text.tsx';

export type TrustDialogProps = {
  readonly registryId: string;
  readonly registryHost: string;
  readonly host: string;
  /** What was refused is asked for again. */
  readonly onTrusted: () => void;
  readonly onClose: () => void;
};

/** Asks, naming both hosts, before a secret may go to a token server of another name. */
export function TrustDialog({ registryId, registryHost, host, onTrusted, onClose }: TrustDialogProps) {
  const trust = useTrustTokenHost();
  const onSuccess = () => {
    onClose();
    onTrusted();
  };
  return (
    <ConfirmDialog
      open
      title={<SafeText text={`Trust ${host}?`} />}
      confirmLabel={`Trust ${host}`}
      busy={trust.isPending}
      onClose={onClose}
      onConfirm={() => {
        trust.mutate({ id: registryId, host, trusted: true }, { onSuccess });
      }}
    >
      <p>
        <strong>
          <SafeText text={registryHost} />
        </strong>{' '}
        asks to send your password or token to{' '}
        <strong>
          <SafeText text={host} />
        </strong>
        . Nothing has been sent there. Trust it only if you know that the two belong together; you can take it back in
        the settings.
      </p>
      {trust.error !== null && <ErrorState compact error={appErrorOf(trust.error)} />}
    </ConfirmDialog>
  );
}
