/** Runs one function at a time per key, in the order asked; different keys do not wait for each other. */
export type KeyedLock = <T>(key: string, run: () => Promise<T>) => Promise<T>;

/** An in-process lock. Two processes on one folder are kept apart by atomic renames, not by this. */
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

/** Many writers may pass together; the sweep passes alone. */
export type Gate = {
  shared<T>(run: () => Promise<T>): Promise<T>;
  /** Waits until every shared run under way has ended, and holds back new ones meanwhile. */
  exclusive<T>(run: () => Promise<T>): Promise<T>;
};

/** Keeps garbage collection and the writers that make references apart. */
export function createGate(): Gate {
  const active = new Set<Promise<unknown>>();
  let closed: Promise<unknown> = Promise.resolve();
  const settled = (promise: Promise<unknown>) =>
    promise.then(
      () => undefined,
      () => undefined,
    );
  return {
    async shared(run) {
      for (let seen; seen !== closed;) {
        seen = closed;
        await seen;
      }
      const mine = run();
      const watched = settled(mine);
      active.add(watched);
      try {
        return await mine;
      } finally {
        active.delete(watched);
      }
    },
    async exclusive(run) {
      const before = closed;
      const mine = (async () => {
        await before;
        await Promise.all(active);
        return run();
      })();
      closed = settled(mine);
      return mine;
    },
  };
}
