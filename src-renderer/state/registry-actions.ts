import type { AppError } from '#shared/api/app-error.ts';
import type { ErrorAction } from '../lib/error-text.ts';
import { useDialogs, type EditFocus } from './dialogs.ts';

/** What can be done about an error of this registry: every way on that a dialog gives; `retry` is the caller's. */
export function registryErrorActions(
  registryId: string,
  retry: () => void,
): Readonly<Record<ErrorAction, (error: AppError) => void>> {
  const { show } = useDialogs.getState();
  const edit = (focus: EditFocus) => () => {
    show({ kind: 'edit-registry', registryId, focus });
  };
  return {
    retry,
    'sign-in': edit('auth'),
    'edit-connection': edit('options'),
    'use-plain-http': edit('plain-http'),
    'skip-verification': edit('verification'),
    'add-authority': edit('authority'),
    'set-client-certificate': edit('client-certificate'),
    'trust-host': (error) => {
      if (error.kind !== 'untrusted-host') return;
      const { registryHost, host } = error;
      show({ kind: 'trust-host', registryId, registryHost, host, retry });
    },
    'allow-upload-host': edit('upload-hosts'),
    pin: () => {
      show({ kind: 'pin', registryId });
    },
  };
}
