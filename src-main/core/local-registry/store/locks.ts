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
