import { LRUCache } from 'lru-cache';
import { createSingleFlight } from '../../single-flight.ts';

/** Keeps the last few answers; whoever asks for one that is being made waits for it. */
export type Memo<T> = {
  readonly get: (key: string, make: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal) => Promise<T>;
};

/** A memo of `max` answers. Failures are not kept. */
export function createMemo<T extends object>(max: number): Memo<T> {
  const kept = new LRUCache<string, T>({ max });
  const flights = createSingleFlight<T>();
  return {
    get: async (key, make, signal) => {
      const known = kept.get(key);
      if (known !== undefined) return known;
      return flights.run(
        key,
        async (signal) => {
          const made = await make(signal);
          kept.set(key, made);
          return made;
        },
        signal,
      );
    },
  };
}
