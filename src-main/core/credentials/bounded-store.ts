import pLimit from 'p-limit';
import { CredentialStoreError } from '../gantry-error.ts';
import type { Clock, CredentialStore } from '../ports.ts';

/** A person may be typing the keychain's own password. */
const LIMIT_MS = 60_000;

/**
 * The same store, whose calls go one at a time and each have an end: after a minute the caller is told that the keychain
 * does not answer, and so is everybody after them, at once, until it does. A call to an operating system cannot be broken
 * off: it holds one of the few threads that files and names are looked up with too, so that no second one may hang.
 */
export function boundStore(store: CredentialStore, clock: Pick<Clock, 'sleep'>, limitMs = LIMIT_MS): CredentialStore {
  const lane = pLimit(1);
  let isStuck = false;

  const bounded = async <T>(call: () => Promise<T>): Promise<T> => {
    if (isStuck) throw notAnswering(limitMs);
    const state = { hasBegun: false, isLate: false };
    const calling = lane(async () => {
      // Nobody waits for it, and what it would write may be out of date.
      if (state.isLate) throw notAnswering(limitMs);
      state.hasBegun = true;
      try {
        return await call();
      } finally {
        isStuck = false;
      }
    });
    // Its outcome comes too late when time is up.
    calling.catch(() => undefined);
    const answered = new AbortController();
    const late = clock.sleep(limitMs, answered.signal).then(() => {
      state.isLate = true;
      isStuck ||= state.hasBegun;
      throw notAnswering(limitMs);
    });
    late.catch(() => undefined);
    try {
      return await Promise.race([calling, late]);
    } finally {
      answered.abort();
    }
  };

  return {
    status: store.status,
    get: (account) => bounded(() => store.get(account)),
    set: (account, secret) => bounded(() => store.set(account, secret)),
    delete: (account) => bounded(() => store.delete(account)),
  };
}

function notAnswering(limitMs: number): CredentialStoreError {
  return new CredentialStoreError(`the keychain did not answer within ${limitMs / 1000} seconds`);
}
