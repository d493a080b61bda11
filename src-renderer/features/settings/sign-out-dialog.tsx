import type { Registry } from '#shared/api/registries.ts';
import { keptLayersText } from '../../lib/kept-layers-text.ts';
import { useKeptLayers, useSignOut } from '../../queries/accounts.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import { announce } from '../../ui/announcer.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { SafeText } from '../../ui/safe-text.tsx';

export type SignOutDialogProps = { readonly registry: Registry; readonly onClose: () => void };

function whatGoes({ auth, tls }: Registry): string {
  if (auth.kind === 'config') {
    return 'Gantry no longer uses what docker and podman have for it. Their files stay as they are, and so does their sign-in.';
  }
  const what = tls.hasClientKey ? 'The secret and the client key are' : 'The secret is';
  return `${what} deleted for good. To sign in again you will need it once more.`;
}

/** Asks, then deletes the secret; the registry stays, and is used anonymously. */
export function SignOutDialog({ registry, onClose }: SignOutDialogProps) {
  const signOut = useSignOut();
  const kept = useKeptLayers(registry.id).data;
  const told = kept === undefined ? '' : keptLayersText(kept);
  const onSuccess = () => {
    onClose();
    announce(`Signed out of ${registry.label}`);
  };
  return (
    <ConfirmDialog
      open
      tone="danger"
      title={<SafeText text={`Sign out of ${registry.label}?`} />}
      confirmLabel="Sign out"
      busy={signOut.isPending}
      onClose={onClose}
      onConfirm={() => {
        signOut.mutate({ id: registry.id }, { onSuccess });
      }}
    >
      <p>{whatGoes(registry)} What Gantry kept of it to show again is deleted. The registry stays in your list.</p>
      {told !== '' && <p>{told}</p>}
      {signOut.error !== null && <ErrorState compact error={appErrorOf(signOut.error)} />}
    </ConfirmDialog>
  );
}
