import type { Clock } from '../ports.ts';

/** How fast something gets on. */
export type Rate = {
  readonly add: (amount: number) => void;
  /** Mean a second over the window; undefined when nothing has come in it. */
  readonly perSecond: () => number | undefined;
};

const WINDOW_MS = 8000;
const STEP_MS = 250;
/** A mean over less would jump about. */
const LEAST_MS = 500;

/** The mean of the last eight seconds, in steps of a quarter. */
export function createRate(clock: Pick<Clock, 'now'>): Rate {
  let steps: { readonly at: number; amount: number }[] = [];
  let firstAt: number | undefined;

  const forget = (): void => {
    const since = clock.now() - WINDOW_MS;
    steps = steps.filter(({ at }) => at >= since);
    if (steps.length === 0) firstAt = undefined;
  };

  return {
    add: (amount) => {
      if (amount === 0) return;
      const now = clock.now();
      firstAt ??= now;
      const last = steps.at(-1);
      if (last !== undefined && now - last.at < STEP_MS) last.amount += amount;
      else steps.push({ at: now, amount });
    },
    perSecond: () => {
      forget();
      if (firstAt === undefined) return undefined;
      const span = Math.min(WINDOW_MS, Math.max(LEAST_MS, clock.now() - firstAt));
      return (steps.reduce((sum, { amount }) => sum + amount, 0) * 1000) / span;
    },
  };
}
