import type { Shelf } from './shelf.ts';

/**
 * The same shelf, on which things are put a turn later, so that whoever waits for them goes on first: with pages of a
 * list the next one is asked for before this one is written down. All else that is done with it sees them there.
 */
export function lateShelf(shelf: Shelf): Shelf {
  let held: (() => void)[] = [];
  const putAll = (): void => {
    const puts = held;
    held = [];
    for (const put of puts) put();
  };
  return {
    get: (kind, key) => {
      putAll();
      return shelf.get(kind, key);
    },
    put: (...entry) => {
      if (held.length === 0) setImmediate(putAll);
      held.push(() => shelf.put(...entry));
    },
    drop: (kind, key) => {
      putAll();
      shelf.drop(kind, key);
    },
    dropStarting: (kind, prefix) => {
      putAll();
      shelf.dropStarting(kind, prefix);
    },
  };
}
