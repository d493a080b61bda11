import { raceAbort } from './race-abort.ts';

type Flight<T> = { readonly promise: Promise<T>; readonly controller: AbortController; waiters: number };

/** Runs one `work` per key at a time; everyone who asks meanwhile gets the same outcome. Failures are not kept. */
export type SingleFlight<T> = {
  /** Rejects with the signal's reason when aborted; the work itself is aborted when its last waiter has gone. */
  run(key: string, work: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T>;
  isUnderWay(key: string): boolean;
};

/** 50 parallel 401s need one token (SECURITY-CASES C02), and one impatient caller must not fail the other 49. */
export function createSingleFlight<T>(): SingleFlight<T> {
  const flights = new Map<string, Flight<T>>();

  const start = (key: string, work: (signal: AbortSignal) => Promise<T>): Flight<T> => {
    const controller = new AbortController();
    const promise = work(controller.signal).finally(() => {
      if (flights.get(key) === flight) flights.delete(key);
    });
    // Each waiter sees the rejection through its own race; without waiters it must not surface as unhandled.
    promise.catch(() => undefined);
    const flight: Flight<T> = { promise, controller, waiters: 0 };
    flights.set(key, flight);
    return flight;
  };

  return {
    isUnderWay: (key) => flights.has(key),
    run: async (key, work, signal) => {
      signal?.throwIfAborted();
      const flight = flights.get(key) ?? start(key, work);
      flight.waiters += 1;
      try {
        return await raceAbort(flight.promise, signal);
      } finally {
        flight.waiters -= 1;
        if (flight.waiters === 0) {
          if (flights.get(key) === flight) flights.delete(key);
          flight.controller.abort();
        }
      }
    },
  };
}
