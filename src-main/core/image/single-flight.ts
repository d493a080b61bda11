type Flight<Value> = {
  readonly promise: Promise<Value>;
  readonly controller: AbortController;
  /** Callers who still want the answer. */
  waiting: number;
};

/** Joins equal work that is under way at the same time. */
export type SingleFlight<Value> = {
  /**
   * Joins the work under way for `key`, or starts it. Aborting `signal` rejects this caller alone, with the signal's
   * reason; the work itself is aborted when its last caller has left. A failure reaches every caller and is not kept.
   */
  run(key: string, start: (signal: AbortSignal) => Promise<Value>, signal?: AbortSignal): Promise<Value>;
};

function launch<Value>(
  flights: Map<string, Flight<Value>>,
  key: string,
  start: (signal: AbortSignal) => Promise<Value>,
): Flight<Value> {
  const controller = new AbortController();
  const promise = start(controller.signal).finally(() => {
    // A flight whose callers all left may have been followed by another under the same key.
    if (flights.get(key) === flight) flights.delete(key);
  });
  const flight: Flight<Value> = { promise, controller, waiting: 0 };
  flights.set(key, flight);
  return flight;
}

export function createSingleFlight<Value>(): SingleFlight<Value> {
  const flights = new Map<string, Flight<Value>>();

  const leave = (key: string, flight: Flight<Value>): void => {
    flight.waiting -= 1;
    if (flight.waiting > 0) return;
    if (flights.get(key) === flight) flights.delete(key);
    flight.controller.abort();
  };

  return {
    async run(key, start, signal) {
      signal?.throwIfAborted();
      const flight = flights.get(key) ?? launch(flights, key, start);
      flight.waiting += 1;
      const left = Promise.withResolvers<never>();
      const onAbort = (): void => {
        left.reject(signal?.reason);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      try {
        return await Promise.race([flight.promise, left.promise]);
      } finally {
        signal?.removeEventListener('abort', onAbort);
        leave(key, flight);
      }
    },
  };
}
