import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../ports.ts';

/** The machine's own time and timers. A pending sleep does not keep the process alive. */
export function createSystemClock(): Clock {
  return {
    now: () => Date.now(),
    async sleep(ms, signal) {
      try {
        await delay(ms, undefined, { ref: false, ...(signal === undefined ? {} : { signal }) });
      } catch (error) {
        // Node wraps the reason in an AbortError of its own; the port promises the reason itself.
        signal?.throwIfAborted();
        throw error;
      }
    },
  };
}
