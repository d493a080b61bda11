import type { Clock } from '../ports.ts';

/** What a watcher is told: first the whole, then what changed. */
export type WatchEvent =
  | { readonly kind: 'snapshot' }
  | { readonly kind: 'update'; readonly changed: readonly string[]; readonly removed: readonly string[] };

export type JobWatch = {
  /** Never waits for a watcher. */
  changed(jobId: string): void;
  /** The same for what nothing more happens to: who watches just this one is told without a pause. */
  ended(jobId: string): void;
  removed(jobId: string): void;
  /** Everyone is told the whole again. */
  reordered(): void;
  /** Until `signal` aborts; at most ten a second. What happens while the reader is busy is told together. */
  watch(signal: AbortSignal): AsyncGenerator<WatchEvent, void, void>;
  /** The same for one job: yields after each change, ends when it was removed. */
  watchOne(jobId: string, signal: AbortSignal, paceMs?: number): AsyncGenerator<void, void, void>;
  /** Ends every watch, now and from now on. */
  close(): void;
};

const PACE_MS = 100;
/** A reader that has missed more is told the whole again. */
const MAX_KEPT = 200;

type Watcher = {
  readonly changed: Set<string>;
  readonly removed: Set<string>;
  needsAll: boolean;
  wake: () => void;
  /** A job of which this watcher is told without a pause when it has ended. */
  readonly hurriesFor: string | undefined;
  isHurried: boolean;
  endPause: () => void;
};

export function createJobWatch(clock: Clock): JobWatch {
  const watchers = new Set<Watcher>();
  const closed = new AbortController();

  const tell = (change: (watcher: Watcher) => void): void => {
    for (const watcher of watchers) {
      change(watcher);
      if (watcher.changed.size + watcher.removed.size > MAX_KEPT) watcher.needsAll = true;
      watcher.wake();
    }
  };

  async function* follow(
    given: AbortSignal,
    { paceMs, hurriesFor }: { readonly paceMs: number; readonly hurriesFor?: string },
    isFor: (watcher: Watcher) => boolean,
  ) {
    const signal = AbortSignal.any([given, closed.signal]);
    const watcher = createWatcher(hurriesFor);
    const wake = (): void => watcher.wake();
    watchers.add(watcher);
    signal.addEventListener('abort', wake);
    try {
      while (!signal.aborted) {
        if (isFor(watcher)) {
          yield takeFrom(watcher);
          await pause(paceMs, watcher, { signal, clock });
        } else {
          await new Promise<void>((resolve) => (watcher.wake = resolve));
        }
      }
    } finally {
      watchers.delete(watcher);
      signal.removeEventListener('abort', wake);
    }
  }

  return {
    changed: (jobId) => tell(({ changed }) => changed.add(jobId)),
    ended: (jobId) =>
      tell((watcher) => {
        watcher.changed.add(jobId);
        if (watcher.hurriesFor !== jobId) return;
        watcher.isHurried = true;
        watcher.endPause();
      }),
    removed: (jobId) =>
      tell(({ changed, removed }) => {
        changed.delete(jobId);
        removed.add(jobId);
      }),
    reordered: () => tell((watcher) => (watcher.needsAll = true)),
    watch: (signal) => follow(signal, { paceMs: PACE_MS }, hasNews),
    watchOne: async function* watchOne(jobId, signal, paceMs = PACE_MS) {
      const isFor = (watcher: Watcher) => watcher.needsAll || watcher.changed.has(jobId) || watcher.removed.has(jobId);
      for await (const event of follow(signal, { paceMs, hurriesFor: jobId }, isFor)) {
        if (event.kind === 'update' && event.removed.includes(jobId)) return;
        yield;
      }
    },
    close: () => closed.abort(),
  };
}

function createWatcher(hurriesFor: string | undefined): Watcher {
  const changed = new Set<string>();
  const removed = new Set<string>();
  const idle = (): void => undefined;
  return { changed, removed, needsAll: true, wake: idle, hurriesFor, isHurried: false, endPause: idle };
}

function hasNews({ needsAll, changed, removed }: Watcher): boolean {
  return needsAll || changed.size > 0 || removed.size > 0;
}

function takeFrom(watcher: Watcher): WatchEvent {
  const event: WatchEvent = watcher.needsAll
    ? { kind: 'snapshot' }
    : { kind: 'update', changed: [...watcher.changed], removed: [...watcher.removed] };
  watcher.changed.clear();
  watcher.removed.clear();
  watcher.needsAll = false;
  return event;
}

async function pause(
  ms: number,
  watcher: Watcher,
  { signal, clock }: { readonly signal: AbortSignal; readonly clock: Clock },
): Promise<void> {
  const over = new AbortController();
  watcher.endPause = () => over.abort();
  if (watcher.isHurried) watcher.endPause();
  try {
    await clock.sleep(ms, AbortSignal.any([signal, over.signal]));
  } catch {
    // The watch ends, or there is an end to tell of.
  }
  // It is told of now; what comes after it waits again.
  watcher.isHurried = false;
}
