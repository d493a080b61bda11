import type { CacheRows } from './cache-rows.ts';
import type { StepOutcome } from './sweeper.ts';

/** How much is kept, and how much may be. In bytes. */
export type Room = {
  limitBytes: number;
  /** So much was added; true when that is too much. */
  add(bytes: number): boolean;
  /** Lets some of the least recently used go when there is too much. @throws what SQLite throws */
  step(rows: CacheRows): StepOutcome;
};

/** After making room there is some for what comes next, so that not every write has to. */
const SPARE = 0.1;

/** `totalBytes` is an estimate that only errs upwards: the sum over all entries is taken before any of them goes. */
export function createRoom(limitBytes: number, totalBytes: number): Room {
  let total = totalBytes;
  let isMaking = false;
  const room: Room = {
    limitBytes,
    add: (bytes) => {
      total += bytes;
      return total > room.limitBytes;
    },
    step: (rows) => {
      if (!isMaking && total > room.limitBytes) {
        total = rows.totalBytes();
        isMaking = total > room.limitBytes;
      }
      const surplus = isMaking ? total - Math.floor(room.limitBytes * (1 - SPARE)) : 0;
      const gone = surplus > 0 ? rows.evictSome(surplus) : 0;
      total -= gone;
      isMaking = gone > 0;
      return isMaking || rows.shrinkSome() ? 'more' : 'done';
    },
  };
  return room;
}
