import pLimit, { type LimitFunction } from 'p-limit';

/** Requests one registry gets from the page at once; the engine has its own limit behind this one. */
const LANES = 6;

const lanesByRegistry = new Map<string, LimitFunction>();

/**
 * Runs `call` when the registry has a free lane. Whoever stopped waiting while in the queue (its row scrolled away)
 * makes no request at all.
 */
export async function inLane<T>(registryId: string, signal: AbortSignal, call: () => Promise<T>): Promise<T> {
  const lanes = lanesByRegistry.get(registryId) ?? pLimit(LANES);
  lanesByRegistry.set(registryId, lanes);
  return lanes(() => {
    signal.throwIfAborted();
    return call();
  });
}
