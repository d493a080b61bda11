import type { Clock } from '#main/core/ports.ts';
import { systemClock } from './engine.ts';

/** Shorter pauses are those of what paces itself, and are slept through. */
const LONG_MS = 400;

export type SkippingClock = Clock & {
  /** Time moves on by so much at once, as over a sleep of the machine. */
  readonly skip: (ms: number) => void;
};

/** The system's clock, but that long sleeps are over at once and time has moved on by them. */
export function createSkippingClock(): SkippingClock {
  let skippedMs = 0;
  const now = (): number => Date.now() + skippedMs;
  return {
    now,
    skip: (ms) => {
      skippedMs += ms;
    },
    sleep: async (ms, signal) => {
      if (ms < LONG_MS) return systemClock.sleep(ms, signal);
      const until = now() + ms;
      await systemClock.sleep(1, signal);
      skippedMs = Math.max(skippedMs, until - Date.now());
    },
  };
}
