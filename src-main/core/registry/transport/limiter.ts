/** Gives back a place in the queue; calling it twice does nothing. */
export type Release = () => void;

/** A queue per key (a host): at most so many holders at once, first come first served. */
export type Limiter = {
  /** Resolves when there is room. An abort takes the waiter out of the queue and rejects with the signal's reason. */
  acquire(key: string, signal?: AbortSignal): Promise<Release>;
  /** How many hold a place and how many wait, for tests and the status bar. */
  load(key: string): { readonly active: number; readonly waiting: number };
};

type Lane = { active: number; readonly waiting: Set<() => void> };

/**
 * One slow host never stalls another: lanes are independent. Six per host is what browsers allow themselves and
 * what registries' abuse limits are tuned for; a waiter costs one closure, so 100,000 rows may queue.
 */
export function createLimiter(perKey: number): Limiter {
  const lanes = new Map<string, Lane>();

  const laneOf = (key: string): Lane => {
    const known = lanes.get(key);
    if (known !== undefined) return known;
    const lane: Lane = { active: 0, waiting: new Set() };
    lanes.set(key, lane);
    return lane;
  };

  const take = (key: string, lane: Lane): Release => {
    lane.active += 1;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      lane.active -= 1;
      const [next] = lane.waiting;
      if (next !== undefined) next();
      else if (lane.active === 0) lanes.delete(key);
    };
  };

  return {
    load: (key) => {
      const lane = lanes.get(key);
      return { active: lane?.active ?? 0, waiting: lane?.waiting.size ?? 0 };
    },
    acquire: (key, signal) => {
      if (signal?.aborted === true) return Promise.reject(signal.reason);
      const lane = laneOf(key);
      if (lane.active < perKey) return Promise.resolve(take(key, lane));
      return new Promise((resolve, reject) => {
        const enter = () => {
          leave();
          resolve(take(key, lane));
        };
        const abort = () => {
          leave();
          reject(signal?.reason);
        };
        const leave = () => {
          lane.waiting.delete(enter);
          signal?.removeEventListener('abort', abort);
        };
        lane.waiting.add(enter);
        signal?.addEventListener('abort', abort, { once: true });
      });
    },
  };
}
