import type { ErrorActions } from '../lib/error-text.ts';
import { registryErrorActions } from './registry-actions.ts';

/** What can be done about an error of one registry: every way on that a dialog gives, and trying again. */
export function useErrorActions(registryId: string, retry: () => void): ErrorActions {
  return registryErrorActions(registryId, retry);
}
