import type { ErrorAction } from '../lib/error-text.ts';
import { useDialogs } from './dialogs.ts';

/** What can be done about an error of this registry, for `ErrorState`; `retry` is the caller's. */
export function registryErrorActions(registryId: string, retry: () => void): Readonly<Record<ErrorAction, () => void>> {
  const { show } = useDialogs.getState();
  const edit = (focus: 'auth' | 'options') => () => {
    show({ kind: 'edit-registry', registryId, focus });
  };
  return {
    retry,
    'sign-in': edit('auth'),
    'edit-connection': edit('options'),
    'use-plain-http': edit('options'),
    'skip-verification': edit('options'),
    pin: () => {
      show({ kind: 'pin', registryId });
    },
  };
}
