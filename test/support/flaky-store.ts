import { createMemoryStore } from '#main/core/credentials/memory-store.ts';
import { CredentialStoreError } from '#main/core/gantry-error.ts';
import type { CredentialStore } from '#main/core/ports.ts';

/** A memory store whose next calls of one kind fail, as a locked keychain does. `accounts` is what it holds. */
export function flakyStore(): CredentialStore & { fail: 'get' | 'set' | 'delete' | undefined; accounts: Set<string> } {
  const inner = createMemoryStore('test');
  const accounts = new Set<string>();
  const store = {
    status: inner.status,
    accounts,
    fail: undefined as 'get' | 'set' | 'delete' | undefined,
    get: (account: string) => guarded('get', () => inner.get(account)),
    set: (account: string, secret: string) =>
      guarded('set', () => {
        accounts.add(account);
        return inner.set(account, secret);
      }),
    delete: (account: string) =>
      guarded('delete', () => {
        accounts.delete(account);
        return inner.delete(account);
      }),
  };
  const guarded = async <T>(verb: typeof store.fail, work: () => Promise<T>): Promise<T> => {
    if (store.fail === verb) throw new CredentialStoreError('the keychain is locked');
    return await work();
  };
  return store;
}
