import type { ErrorAction } from '../lib/error-text.ts';
import { useDialogs } from './dialogs.ts';

/** What can be done about an error of one registry: every way on that a dialog gives, and trying again. */
export function useErrorActions(registryId: string, retry: () => void): Partial<Record<ErrorAction, () => void>> {
  const show = useDialogs((state) => state.show);
  const edit = (focus: 'auth' | 'options') => () => {
    show({ kind: 'edit-registry', registryId, focus });
  };
  const options = edit('options');
  return {
    retry,
    'sign-in': edit('auth'),
    'edit-connection': options,
    'use-plain-http': options,
    'skip-verification': options,
    pin: () => {
      show({ kind: 'pin', registryId });
    },
  };
}
