import type { RegistryCredential } from '../registry/registry-client.ts';
import type { ConnectionChoice } from './connection-input.ts';

const MAX_KEPT = 20;

/** Identity tokens that were typed for a trial, and what a token server gave in their place. */
export type TrialRenewals = {
  /** The same credential; what takes its place is remembered. */
  watch(credential: RegistryCredential | undefined): RegistryCredential | undefined;
  /** The same choice, with the token that took the place of the typed one. */
  renew(choice: ConnectionChoice): ConnectionChoice;
};

/**
 * Some token servers take a refresh token once and give another: who tries a connection and then saves it has typed
 * the first, which is spent by then. Kept in memory only, and the last few only.
 */
export function createTrialRenewals(): TrialRenewals {
  const renewed = new Map<string, string>();
  const remember = (typed: string, secret: string): void => {
    renewed.delete(typed);
    renewed.set(typed, secret);
    const [oldest] = renewed.keys();
    if (renewed.size > MAX_KEPT && oldest !== undefined) renewed.delete(oldest);
  };
  return {
    watch: (credential) => {
      if (credential?.kind !== 'identity') return credential;
      const typed = credential.secret;
      return {
        kind: 'identity',
        secret: renewed.get(typed) ?? typed,
        onRenewed: (secret) => remember(typed, secret),
        reread: () => Promise.resolve(renewed.get(typed)),
      };
    },
    renew: (choice) => {
      const { auth } = choice;
      const secret = auth.kind === 'identity' ? renewed.get(auth.secret.trim()) : undefined;
      return secret === undefined ? choice : { ...choice, auth: { kind: 'identity', secret } };
    },
  };
}
