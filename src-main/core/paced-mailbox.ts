import type { Clock } from './ports.ts';

/** Collects what happens for one reader, who takes it in at a pace. */
export type PacedMailbox<T> = {
  readonly put: (item: T) => void;
  /** No more comes; the reader gets what is there, then the end. */
  readonly end: () => void;
  /** The reader gets what is there, then this. */
  readonly fail: (error: unknown) => void;
  /** What has come since the last time, at least `paceMs` after it; undefined at the end. Rejects as `fail` says, and on abort. */
  take(signal: AbortSignal): Promise<readonly T[] | undefined>;
};

/** The first `take` answers as soon as there is anything, the next ones no sooner than the pace allows; the end at once. */
export function createPacedMailbox<T>(paceMs: number, clock: Clock): PacedMailbox<T> {
  let items: T[] = [];
  let wake = (): void => undefined;
  let outcome: { readonly error?: unknown; readonly isFailure: boolean } | undefined;
  let takenAt = Number.NEGATIVE_INFINITY;
  const ended = new AbortController();

  const isIdle = (): boolean => items.length === 0 && outcome === undefined;
  const finish = (how: NonNullable<typeof outcome>): void => {
    outcome ??= how;
    ended.abort();
    wake();
  };

  return {
    put: (item) => {
      items.push(item);
      wake();
    },
    end: () => finish({ isFailure: false }),
    fail: (error) => finish({ error, isFailure: true }),
    take: async (signal) => {
      while (isIdle()) await untilWoken((resolve) => (wake = resolve), signal);
      const wait = takenAt + paceMs - clock.now();
      if (wait > 0 && outcome === undefined) await sleepUnlessEnded(wait, ended.signal, { clock, signal });
      signal.throwIfAborted();
      takenAt = clock.now();
      if (items.length === 0 && outcome?.isFailure === true) throw outcome.error;
      if (items.length === 0) return undefined;
      const taken = items;
      items = [];
      return taken;
    },
  };
}

/** Nobody waits for the pace when nothing more comes. */
async function sleepUnlessEnded(
  ms: number,
  ended: AbortSignal,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  try {
    await clock.sleep(ms, AbortSignal.any([signal, ended]));
  } catch (error) {
    if (!ended.aborted) throw error;
  }
}

function untilWoken(onWake: (resolve: () => void) => void, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    onWake(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
  });
}
