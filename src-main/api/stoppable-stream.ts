import { AsyncIteratorClass } from '@orpc/server';

/**
 * A stream whose work stops as soon as its reader aborts `signal`, returns early, or throws. A bare generator would
 * only notice at its next `yield`, which may never come.
 */
export function stoppableStream<T>(
  signal: AbortSignal | undefined,
  produce: (signal: AbortSignal) => AsyncGenerator<T, void, void>,
): AsyncIteratorClass<T, void, void> {
  const stop = new AbortController();
  const source = produce(signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]));
  return new AsyncIteratorClass<T, void, void>(
    () => source.next(),
    async () => {
      stop.abort();
      await source.return();
    },
  );
}
