import { lazy, Suspense } from 'react';
import { useDialogs } from '../state/dialogs.ts';

const ConnectDialog = lazy(async () => ({
  default: (await import('../features/connect/connect-dialog.tsx')).ConnectDialog,
}));
const RemoveDialog = lazy(async () => ({
  default: (await import('../features/connect/remove-dialog.tsx')).RemoveDialog,
}));
const TrustDialog = lazy(async () => ({ default: (await import('../features/connect/trust-dialog.tsx')).TrustDialog }));
const PinDialog = lazy(async () => ({ default: (await import('../features/connect/pin-dialog.tsx')).PinDialog }));
const TransferDialog = lazy(async () => ({
  default: (await import('../features/copy/transfer-dialog.tsx')).TransferDialog,
}));
const Palette = lazy(async () => ({ default: (await import('./palette/palette.tsx')).Palette }));
const ShortcutsDialog = lazy(async () => ({ default: (await import('./shortcuts-dialog.tsx')).ShortcutsDialog }));

/** The dialog that is open, loaded when it first is. */
export function Dialogs() {
  const { dialog, close } = useDialogs();
  return (
    <Suspense>
      {dialog.kind === 'connect' && <ConnectDialog prefill={dialog.prefill} onClose={close} />}
      {dialog.kind === 'edit-registry' && (
        <ConnectDialog key={dialog.registryId} registryId={dialog.registryId} focus={dialog.focus} onClose={close} />
      )}
      {dialog.kind === 'remove-registry' && <RemoveDialog registryId={dialog.registryId} onClose={close} />}
      {dialog.kind === 'trust-host' && (
        <TrustDialog
          registryId={dialog.registryId}
          registryHost={dialog.registryHost}
          host={dialog.host}
          onTrusted={dialog.retry}
          onClose={close}
        />
      )}
      {dialog.kind === 'pin' && <PinDialog registryId={dialog.registryId} onClose={close} />}
      {dialog.kind === 'transfer' && <TransferDialog draft={dialog.draft} onClose={close} />}
      {dialog.kind === 'palette' && <Palette onClose={close} />}
      {dialog.kind === 'shortcuts' && <ShortcutsDialog onClose={close} />}
    </Suspense>
  );
}
