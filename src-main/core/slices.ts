/** The longest a piece of work may hold up the event loop, in milliseconds. */
const BUDGET_MS = 8;
const STEPS = 256;

/** Work in slices: ask `due` now and then, and await `next` when it is; or leave both to `each`. */
export type Slices = {
  /** Whether the slice has lasted long enough. */
  readonly due: () => boolean;
  /** Lets everything else run. @throws the signal's reason when it is aborted */
  readonly next: () => Promise<void>;
  /** Calls `step` with 0 and so on, `count` times, in slices. */
  readonly each: (count: number, step: (index: number) => void) => Promise<void>;
};

/** One piece of work that is cut into slices of 8 ms, and ends when `signal` aborts. */
export function createSlices(signal?: AbortSignal): Slices {
  let start = performance.now();
  const due = (): boolean => performance.now() - start >= BUDGET_MS;
  const next = async (): Promise<void> => {
    await new Promise<void>((resolve) => void setImmediate(resolve));
    signal?.throwIfAborted();
    start = performance.now();
  };
  return {
    due,
    next,
    each: async (count, step) => {
      for (let index = 0; index < count; index += 1) {
        step(index);
        if (index % STEPS === 0 && due()) await next();
      }
    },
  };
}
