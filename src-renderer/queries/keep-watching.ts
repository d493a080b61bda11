const RETRY_MS = [500, 1000, 2000, 5000, 10_000] as const;

export type StreamWatcher<E> = {
  readonly open: (signal: AbortSignal) => Promise<AsyncIterable<E>>;
  /** The stream has begun; `again` when it had been lost before, so that anything may have changed meanwhile. */
  readonly onBegin?: (again: boolean) => void;
  readonly onEvent: (event: E) => void;
  /** It broke or ended, and is opened again soon. */
  readonly onLost?: () => void;
};

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}

/** Resolves when the stream has ended: true when it had begun. */
async function watchOnce<E>(watcher: StreamWatcher<E>, again: boolean, signal: AbortSignal): Promise<boolean> {
  let begun = false;
  try {
    for await (const event of await watcher.open(signal)) {
      if (!begun) watcher.onBegin?.(again);
      begun = true;
      watcher.onEvent(event);
    }
  } catch {
    // The stream broke or the host is gone: it is opened again below, and every other call shows the error.
  }
  return begun;
}

/** Reads a stream that has no end, and opens it again whenever it breaks, until the signal says stop. */
export async function keepWatching<E>(watcher: StreamWatcher<E>, signal: AbortSignal): Promise<void> {
  let failures = 0;
  let again = false;
  while (!signal.aborted) {
    failures = (await watchOnce(watcher, again, signal)) ? 0 : failures + 1;
    again = true;
    if (signal.aborted) return;
    watcher.onLost?.();
    await pause(RETRY_MS[failures] ?? 10_000, signal);
  }
}
