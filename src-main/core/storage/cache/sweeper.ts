import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../ports.ts';

/** What one step came to: there is more to do, nothing is left, or it could not be done now. */
export type StepOutcome = 'more' | 'done' | 'failed';

/** Does work that would hold up everything else, a step at a time, with everybody else's turn in between. */
export type Sweeper = {
  /** There may be work. */
  wake(): void;
  /** Resolves when nothing is left, however long that takes, or when it is stopped. */
  settled(): Promise<void>;
  /** Takes no more steps by itself; does at once what can be done within so many milliseconds. */
  finish(withinMs: number): void;
};

/** Another process writes, or the disk is full: tried again after a second, then less and less often. */
const FIRST_PAUSE_MS = 1000;
const MAX_PAUSE_MS = 60_000;

/** A sweeper that asks `step` for one step after another; it never throws. */
export function createSweeper(step: () => StepOutcome, clock: Clock): Sweeper {
  const stopped = new AbortController();
  let running: Promise<void> | undefined;

  const sweep = async (): Promise<void> => {
    for (let pauseMs = FIRST_PAUSE_MS; !stopped.signal.aborted;) {
      const outcome = step();
      if (outcome === 'done') break;
      if (outcome === 'more') {
        pauseMs = FIRST_PAUSE_MS;
        await nextTurn();
      } else {
        await pause(clock, pauseMs, stopped.signal);
        pauseMs = Math.min(MAX_PAUSE_MS, pauseMs * 2);
      }
    }
    // In the same turn as the last step, so that nobody who wakes it meanwhile is missed.
    running = undefined;
  };

  return {
    wake: () => {
      if (!stopped.signal.aborted) running ??= nextTurn().then(sweep);
    },
    settled: () => running ?? Promise.resolve(),
    finish: (withinMs) => {
      stopped.abort();
      const untilMs = clock.now() + withinMs;
      let outcome = step();
      while (outcome === 'more' && clock.now() < untilMs) outcome = step();
    },
  };
}

async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch {
    // Stopped, which the loop sees by itself.
  }
}
