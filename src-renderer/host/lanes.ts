/** Calls that go a few at a time. */
export type Lanes = {
  /** Runs `call` when a lane is free. Of those that wait, what is `urgent` goes before what is not. */
  readonly run: <T>(call: () => Promise<T>, options: { readonly isUrgent: boolean }) => Promise<T>;
  /** From now on so many at once; what is under way goes on. */
  readonly resize: (count: number) => void;
};

/** At first `count` lanes. */
export function createLanes(count: number): Lanes {
  const urgent: (() => void)[] = [];
  const others: (() => void)[] = [];
  let width = count;
  let busy = 0;
  const letNext = (): void => {
    while (busy < width) {
      const enter = urgent.shift() ?? others.shift();
      if (enter === undefined) return;
      busy += 1;
      enter();
    }
  };
  return {
    run: async (call, { isUrgent }) => {
      const turn = Promise.withResolvers<void>();
      (isUrgent ? urgent : others).push(turn.resolve);
      letNext();
      await turn.promise;
      try {
        return await call();
      } finally {
        busy -= 1;
        letNext();
      }
    },
    resize: (wanted) => {
      width = wanted;
      letNext();
    },
  };
}
