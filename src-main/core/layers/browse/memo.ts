import { LRUCache } from 'lru-cache';
import { createHearers } from '../../hearers.ts';
import { createSingleFlight } from '../../single-flight.ts';

/** Keeps the last few answers; whoever asks for one that is being made waits for it, and hears how far it is. */
export type Memo<T, P = never> = {
  readonly get: (
    key: string,
    make: (signal: AbortSignal, tell: (progress: P) => void) => Promise<T>,
    signal?: AbortSignal,
    onProgress?: (progress: P) => void,
  ) => Promise<T>;
};

/** A memo of `max` answers. Failures are not kept. */
export function createMemo<T extends object, P = never>(max: number): Memo<T, P> {
  const kept = new LRUCache<string, T>({ max });
  const flights = createSingleFlight<T>();
  const hearers = createHearers<P>();
  return {
    get: async (key, make, signal, onProgress) => {
      const known = kept.get(key);
      if (known !== undefined) return known;
      const work = async (signal: AbortSignal): Promise<T> => {
        const made = await make(signal, (progress) => hearers.tell(key, progress));
        kept.set(key, made);
        return made;
      };
      return hearers.during(key, onProgress, () => flights.run(key, work, signal));
    },
  };
}
