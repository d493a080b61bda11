/** Runs one function at a time per key, in the order asked; different keys do not wait for each other. */
export type KeyedLock = <T>(key: string, run: () => Promise<T>) => Promise<T>;

/** Within this process: what other processes do meanwhile is kept apart by other means. */
export function createKeyedLock(): KeyedLock {
  const tails = new Map<string, Promise<unknown>>();
  return async (key, run) => {
    const before = tails.get(key) ?? Promise.resolve();
    const mine = before.then(run, run);
    // The stored tail never rejects: a failed turn must not fail the next one.
    const tail = mine.then(
      () => undefined,
      () => undefined,
    );
    tails.set(key, tail);
    try {
      return await mine;
    } finally {
      if (tails.get(key) === tail) tails.delete(key);
    }
  };
}
