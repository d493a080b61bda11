import type { CredentialStore } from '../ports.ts';

/** Keeps secrets until the process ends. `reason` tells a person why the keychain is not used. */
export function createMemoryStore(reason: string): CredentialStore {
  const secrets = new Map<string, string>();
  return {
    status: { kind: 'memory', reason },
    get: (account) => Promise.resolve(secrets.get(account)),
    set(account, secret) {
      secrets.set(account, secret);
      return Promise.resolve();
    },
    delete: (account) => Promise.resolve(secrets.delete(account)),
  };
}
