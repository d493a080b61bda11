/** Who wants to hear of something that is done once for all of them, by its key. */
export type Hearers<P> = {
  /** Hears what is told of the key as long as `work` goes on. */
  readonly during: <T>(key: string, hear: ((progress: P) => void) | undefined, work: () => Promise<T>) => Promise<T>;
  readonly tell: (key: string, progress: P) => void;
};

/** Nobody at first. */
export function createHearers<P>(): Hearers<P> {
  const all = new Map<string, Set<(progress: P) => void>>();
  return {
    during: async (key, hear, work) => {
      if (hear === undefined) return work();
      const here = all.get(key) ?? new Set();
      // One of its own for each call: the same function may hear twice.
      const own = (progress: P): void => hear(progress);
      all.set(key, here.add(own));
      try {
        return await work();
      } finally {
        here.delete(own);
        if (here.size === 0 && all.get(key) === here) all.delete(key);
      }
    },
    tell: (key, progress) => {
      for (const hear of all.get(key) ?? []) hear(progress);
    },
  };
}
