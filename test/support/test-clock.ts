import type { Clock } from '#main/core/ports.ts';

export type TestClock = Clock & {
  /** Lets everything happen that waits for no time. */
  settle(): Promise<void>;
  /** Moves time on, waking each sleeper at its own moment. */
  advance(ms: number): Promise<void>;
  /** Goes on to the moment of the next sleeper, if there is one. */
  skip(): Promise<void>;
  /** For how long each sleeper was told to sleep, in the order of the calls; those that were aborted too. */
  readonly sleeps: readonly number[];
};

type Sleeper = { readonly at: number; readonly wake: () => void };

/** A clock that stands still until it is told to go on. */
export function createTestClock(startMs = Date.UTC(2026, 10, 21)): TestClock {
  let now = startMs;
  const sleepers = new Set<Sleeper>();
  const sleeps: number[] = [];
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => void setImmediate(resolve));
  };
  return {
    sleeps,
    settle,
    now: () => now,
    sleep: (ms, signal) => {
      sleeps.push(ms);
      if (signal?.aborted === true) return Promise.reject(signal.reason);
      return new Promise((resolve, reject) => {
        const abort = () => {
          sleepers.delete(sleeper);
          reject(signal?.reason);
        };
        const sleeper: Sleeper = {
          at: now + ms,
          wake: () => {
            sleepers.delete(sleeper);
            signal?.removeEventListener('abort', abort);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', abort, { once: true });
      });
    },
    skip: async () => {
      const [next] = [...sleepers].sort((a, b) => a.at - b.at);
      if (next === undefined) return;
      now = next.at;
      next.wake();
      await settle();
    },
    advance: async (ms) => {
      const end = now + ms;
      await settle();
      for (;;) {
        const [next] = [...sleepers].sort((a, b) => a.at - b.at);
        if (next === undefined || next.at > end) break;
        now = next.at;
        next.wake();
        await settle();
      }
      now = end;
      await settle();
    },
  };
}

/** What `work` comes to, while the clock jumps to each sleeper's moment as soon as nothing else has happened. */
export async function drive<T>(clock: TestClock, work: Promise<T>): Promise<T> {
  const pending = Symbol('pending');
  for (;;) {
    const later = new Promise<typeof pending>((resolve) => void setTimeout(resolve, 10, pending));
    const outcome = await Promise.race([work, later]);
    if (outcome !== pending) return outcome;
    await clock.skip();
  }
}
