import type { Clock } from '../ports.ts';

/** What a watcher is told: first the whole, then what changed. */
export type WatchEvent =
  | { readonly kind: 'snapshot' }
  | { readonly kind: 'update'; readonly changed: readonly string[]; readonly removed: readonly string[] };

export type JobWatch = {
  /** Never waits for a watcher. */
  changed(jobId: string): void;
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

  async function* follow(given: AbortSignal, paceMs: number, isFor: (watcher: Watcher) => boolean) {
    const signal = AbortSignal.any([given, closed.signal]);
    const watcher: Watcher = { changed: new Set(), removed: new Set(), needsAll: true, wake: () => undefined };
    const wake = (): void => watcher.wake();
    watchers.add(watcher);
    signal.addEventListener('abort', wake);
    try {
      while (!signal.aborted) {
        if (isFor(watcher)) {
          yield takeFrom(watcher);
          await pause(paceMs, signal, clock);
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
    removed: (jobId) =>
      tell(({ changed, removed }) => {
        changed.delete(jobId);
        removed.add(jobId);
      }),
    reordered: () => tell((watcher) => (watcher.needsAll = true)),
    watch: (signal) => follow(signal, PACE_MS, hasNews),
    watchOne: async function* watchOne(jobId, signal, paceMs = PACE_MS) {
      const isFor = (watcher: Watcher) => watcher.needsAll || watcher.changed.has(jobId) || watcher.removed.has(jobId);
      for await (const event of follow(signal, paceMs, isFor)) {
        if (event.kind === 'update' && event.removed.includes(jobId)) return;
        yield;
      }
    },
    close: () => closed.abort(),
  };
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

async function pause(ms: number, signal: AbortSignal, clock: Clock): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch {
    // The watch ends.
  }
}
