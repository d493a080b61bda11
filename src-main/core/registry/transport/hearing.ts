import { LRUCache } from 'lru-cache';
import type { Clock } from '../../ports.ts';
import { raceAbort } from '../../race-abort.ts';

/** When anything last came from each host (`host:port`): headers of any answer, or bytes of its body. */
export type Hearing = {
  note(host: string): void;
  /** True when something came at that time or later; milliseconds since the epoch. */
  since(host: string, ms: number): boolean;
  /** Resolves when something comes. Rejects with the signal's reason. */
  next(host: string, signal: AbortSignal): Promise<void>;
};

const MAX_HOSTS = 1000;

export function createHearing(clock: Pick<Clock, 'now'>): Hearing {
  const lastMs = new LRUCache<string, number>({ max: MAX_HOSTS });
  const waiting = new Map<string, PromiseWithResolvers<void>>();
  return {
    note: (host) => {
      lastMs.set(host, clock.now());
      waiting.get(host)?.resolve();
      waiting.delete(host);
    },
    since: (host, ms) => (lastMs.get(host) ?? -1) >= ms,
    next: async (host, signal) => {
      const heard = waiting.get(host) ?? Promise.withResolvers<void>();
      waiting.set(host, heard);
      await raceAbort(heard.promise, signal);
    },
  };
}
