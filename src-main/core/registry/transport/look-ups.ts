import type { LookupFunction } from 'node:net';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../../ports.ts';
import { createSingleFlight } from '../../single-flight.ts';
import { resolveAll } from './address-policy.ts';

/** Looks names up here that a proxy will look up anew: only to judge them, so it may fail. */
export type LookUps = {
  /** No addresses for a name that cannot be looked up here. Rejects with the signal's reason alone. */
  addressesOf(hostname: string, signal?: AbortSignal): Promise<readonly string[]>;
};

/** A resolver that answers at all does so sooner. */
const PATIENCE_MS = 2000;
/** Behind some proxies no name can be looked up, and each request would wait for that once more. */
const FAILURE_KEPT_MS = 60_000;
const MAX_FAILURES = 500;

/** Equal look-ups at once are one, and one that failed is not tried again for a minute; addresses are never kept. */
export function createLookUps(deps: { readonly clock: Clock; readonly lookup?: LookupFunction }): LookUps {
  const { clock, lookup } = deps;
  const failedUntil = new LRUCache<string, number>({ max: MAX_FAILURES });
  const flights = createSingleFlight<readonly string[]>();

  const look = async (hostname: string, signal: AbortSignal): Promise<readonly string[]> => {
    const late = new AbortController();
    const settled = new AbortController();
    clock.sleep(PATIENCE_MS, settled.signal).then(
      () => late.abort(),
      () => undefined,
    );
    try {
      return await resolveAll(hostname, AbortSignal.any([signal, late.signal]), lookup);
    } catch {
      // Who left proved nothing.
      if (!signal.aborted) failedUntil.set(hostname, clock.now() + FAILURE_KEPT_MS);
      return [];
    } finally {
      settled.abort();
    }
  };

  return {
    addressesOf: async (hostname, signal) => {
      if ((failedUntil.get(hostname) ?? 0) > clock.now()) return [];
      return await flights.run(hostname, (flight) => look(hostname, flight), signal);
    },
  };
}
