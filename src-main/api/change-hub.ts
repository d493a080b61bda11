import type { Change } from '#shared/api/changes.ts';

const MAX_QUEUED = 256;

export type ChangeHub = {
  /** Tells every watcher; never waits for one. */
  publish(change: Change): void;
  /**
   * `ready` first, then what happens from there on, until `signal` aborts. Changes not yet read are told once. A
   * watcher too slow for 256 different ones loses them and gets `ready` again: "anything may have changed".
   */
  watch(signal: AbortSignal): AsyncGenerator<Change, void, void>;
  /** Ends every watch, now and from now on. */
  close(): void;
  /** How many are watching now. */
  watcherCount(): number;
};

type Watcher = { readonly queue: Map<string, Change>; wake: () => void };

const READY: Change = { area: 'ready' };

/** Carries changes from where they happen to everyone who watches, in this process. */
export function createChangeHub(): ChangeHub {
  const watchers = new Set<Watcher>();
  const closed = new AbortController();
  return {
    publish(change) {
      for (const watcher of watchers) {
        enqueue(watcher.queue, change);
        watcher.wake();
      }
    },
    watch: (signal) => watchWith(watchers, AbortSignal.any([signal, closed.signal])),
    close: () => closed.abort(),
    watcherCount: () => watchers.size,
  };
}

async function* watchWith(watchers: Set<Watcher>, signal: AbortSignal): AsyncGenerator<Change, void, void> {
  const watcher: Watcher = { queue: new Map([[keyOf(READY), READY]]), wake: () => {} };
  const wake = (): void => watcher.wake();
  watchers.add(watcher);
  signal.addEventListener('abort', wake);
  try {
    while (!signal.aborted) {
      for (const [key, change] of watcher.queue) {
        watcher.queue.delete(key);
        yield change;
      }
      if (watcher.queue.size > 0 || signal.aborted) continue;
      await new Promise<void>((resolve) => {
        watcher.wake = resolve;
      });
    }
  } finally {
    watchers.delete(watcher);
    signal.removeEventListener('abort', wake);
  }
}

function enqueue(queue: Map<string, Change>, change: Change): void {
  if (queue.size >= MAX_QUEUED) {
    queue.clear();
    queue.set(keyOf(READY), READY);
  }
  queue.set(keyOf(change), change);
}

function keyOf(change: Change): string {
  if (change.area === 'content') return `${change.registryId} ${change.repository}`;
  return change.area === 'health' ? `health ${change.registryId}` : change.area;
}
