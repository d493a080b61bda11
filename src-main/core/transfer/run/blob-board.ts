import { LRUCache } from 'lru-cache';
import type { Digest } from '#shared/oci/digest.ts';
import { raceAbort } from '../../race-abort.ts';
import type { BlobOutcome, RegistryPlace } from '../ends.ts';

export type BlobState = 'queued' | 'checking' | 'present' | 'mounted' | 'sending' | 'verifying' | 'done' | 'failed';
export type BlobProgress = { readonly state: BlobState; readonly sentBytes: number };
export type Report = (progress: BlobProgress) => void;

type Ensure = {
  /** Where the blob has to be. */
  readonly place: string;
  readonly registry?: RegistryPlace | undefined;
  readonly digest: Digest;
  readonly signal: AbortSignal;
  readonly report: Report;
  /** Brings it there. Runs under a signal that aborts when nobody waits for it any more. */
  readonly work: (call: { readonly signal: AbortSignal; readonly report: Report }) => Promise<BlobOutcome>;
};

type Flight = {
  readonly promise: Promise<BlobOutcome>;
  readonly controller: AbortController;
  readonly listeners: Set<Report>;
  last: BlobProgress;
};

/** Long enough for the rows of a job that share layers, short enough for a registry that collects garbage. */
const KNOWN_MS = 15 * 60_000;
const MAX_KNOWN = 50_000;
const MAX_HOMES = 8;
const MAX_MOUNT_SOURCES = 3;

/**
 * What all transfers of this process bring to destinations: each blob once to each, however many jobs and rows need it
 * (FI22), and where on a registry it has been brought, to mount it from there.
 */
export class BlobBoard {
  readonly #flights = new Map<string, Flight>();
  readonly #there = new LRUCache<string, true>({ max: MAX_KNOWN, ttl: KNOWN_MS });
  readonly #homes = new LRUCache<string, readonly string[]>({ max: MAX_KNOWN, ttl: KNOWN_MS });

  /** Resolves when the blob is there; `present` when somebody else has just brought it. */
  async ensure(call: Ensure): Promise<BlobOutcome> {
    call.signal.throwIfAborted();
    const key = keyOf(call.place, call.digest);
    if (this.#there.has(key)) return 'present';
    const under = this.#flights.get(key);
    if (under === undefined) return this.#wait(key, this.#start(key, call), call);
    try {
      await this.#wait(key, under, call);
      return 'present';
    } catch {
      call.signal.throwIfAborted();
      // It failed with somebody else's source or sign-in: ours may do better.
      return this.#wait(key, this.#flights.get(key) ?? this.#start(key, call), call);
    }
  }

  /** What was said to be there is not: the next `ensure` works again. */
  forget(place: string, digest: Digest): void {
    this.#there.delete(keyOf(place, digest));
  }

  isUnderWay(place: string, digest: Digest): boolean {
    return this.#flights.has(keyOf(place, digest));
  }

  /** Other repositories of the registry that have the blob. */
  repositoriesWith(registry: RegistryPlace, digest: Digest): readonly string[] {
    const homes = this.#homes.get(keyOf(registry.registryKey, digest)) ?? [];
    return homes.filter((repository) => repository !== registry.repository).slice(0, MAX_MOUNT_SOURCES);
  }

  #start(key: string, call: Ensure): Flight {
    const controller = new AbortController();
    const listeners = new Set<Report>();
    const report: Report = (progress) => {
      flight.last = progress;
      for (const listener of listeners) listener(progress);
    };
    const promise = this.#work(key, call, { signal: controller.signal, report }).finally(() => this.#end(key, flight));
    // Everyone who waits sees it through their own wait; without anybody it must not surface as unhandled.
    promise.catch(() => undefined);
    const flight: Flight = { promise, controller, listeners, last: { state: 'queued', sentBytes: 0 } };
    this.#flights.set(key, flight);
    return flight;
  }

  async #work(key: string, call: Ensure, under: Parameters<Ensure['work']>[0]): Promise<BlobOutcome> {
    // A tick later, so that whoever starts it is listening.
    await Promise.resolve();
    const outcome = await call.work(under);
    const { registry, digest } = call;
    // What lies in a file may be gone with it before it was finished: there one looks again.
    if (registry !== undefined) {
      this.#there.set(key, true);
      const home = keyOf(registry.registryKey, digest);
      const others = (this.#homes.get(home) ?? []).filter((each) => each !== registry.repository);
      this.#homes.set(home, [registry.repository, ...others].slice(0, MAX_HOMES));
    }
    return outcome;
  }

  #end(key: string, flight: Flight): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }

  /** Waits together with whoever waits already; the last to go stops the work, and leaves when that has let go. */
  async #wait(key: string, flight: Flight, { signal, report }: Ensure): Promise<BlobOutcome> {
    const listener: Report = (progress) => report(progress);
    flight.listeners.add(listener);
    report(flight.last);
    try {
      return await raceAbort(flight.promise, signal);
    } finally {
      flight.listeners.delete(listener);
      if (flight.listeners.size === 0) {
        this.#end(key, flight);
        flight.controller.abort(signal.reason);
        await Promise.allSettled([flight.promise]);
      }
    }
  }
}

function keyOf(place: string, digest: Digest): string {
  return `${place} ${digest}`;
}
