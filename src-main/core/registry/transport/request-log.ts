import { OciError } from '#shared/oci/oci-error.ts';
import { canonicalRegistryHost } from '#shared/oci/registry-host.ts';
import type { Clock } from '../../ports.ts';
import { raceAbort } from '../../race-abort.ts';
import type { Exchange } from './exchange.ts';
import { createLogRing, type RingBounds } from './log-ring.ts';
import type { Hop } from './registry-error.ts';

/** One request as it was sent, with its answer, redacted by allowlist. Times are in milliseconds. */
export type RequestEntry = {
  readonly kind: 'request';
  /** Rising in the order in which requests ended; never used twice. */
  readonly id: number;
  /** When it was asked for, ISO 8601. */
  readonly at: string;
  /** The registry on whose behalf it was sent, as a person knows it: `docker.io`, not its API host. */
  readonly registryHost: string;
  readonly hop: Hop;
  /** 1 for the first try. */
  readonly attempt: number;
  readonly exchange: Exchange;
  /** In the queue; then from its end to the last header, and to the end of the body. */
  readonly queuedMs: number;
  readonly headersMs?: number;
  readonly totalMs?: number;
  readonly bodyBytes?: number;
  /** Kind and reason of the failure when there was no whole answer: `network/refused`. */
  readonly failure?: string;
};

/** Why something was done as it was: which credential, which scheme, which proxy, a retry. */
export type DecisionEntry = {
  readonly kind: 'decision';
  readonly id: number;
  readonly at: string;
  readonly registryHost: string;
  readonly text: string;
};

export type LogEntry = RequestEntry | DecisionEntry;

/** What went over the wire lately and why, for a person to read. Nothing secret may be put in. */
export type RequestLog = {
  /** Adds a request that has ended, and gives it its id. */
  record(entry: Omit<RequestEntry, 'kind' | 'id'>): RequestEntry;
  /** Adds a sentence about what was decided for a registry (`endpoint.url.host`), free of secrets. */
  decide(registryHost: string, text: string): void;
  /**
   * First what is kept, oldest first (an empty list when that is nothing), then what is added, until the signal aborts.
   * Entries that come close together come in one list; a reader slower than the log misses what it no longer keeps.
   */
  watch(signal: AbortSignal, registryHost?: string): AsyncGenerator<readonly LogEntry[], void, void>;
  /** Forgets all entries; says how many there were. */
  clear(): number;
  /** Ends every watch, now and from now on. */
  close(): void;
};

const MIB = 1024 * 1024;
/** An everyday entry has 3 KB, so that bytes count only where servers send what fills them. */
const BOUNDS: RingBounds = { entries: 2000, bytes: 16 * MIB, batchEntries: 200, batchBytes: MIB };
const MAX_TEXT = 1000;
const BATCH_MS = 100;

/** A ring of the newest 2,000 entries, of 16 MiB at most. */
export function createRequestLog(clock: Clock): RequestLog {
  const ring = createLogRing<LogEntry>(BOUNDS);
  let lastId = 0;
  const wakers = new Set<() => void>();
  const closed = new AbortController();

  const add = <Entry extends LogEntry>(entry: Entry): Entry => {
    ring.add(entry.id, entry);
    for (const wake of wakers) wake();
    return entry;
  };

  const nextEntry = async (signal: AbortSignal): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    wakers.add(resolve);
    try {
      await raceAbort(promise, signal);
      await clock.sleep(BATCH_MS, signal);
    } finally {
      wakers.delete(resolve);
    }
  };

  return {
    record: (entry) => add({ ...entry, registryHost: shownHost(entry.registryHost), kind: 'request', id: ++lastId }),
    decide: (registryHost, text) => {
      const at = new Date(clock.now()).toISOString();
      add({ kind: 'decision', id: ++lastId, at, registryHost: shownHost(registryHost), text: text.slice(0, MAX_TEXT) });
    },
    clear: () => ring.clear(),
    close: () => closed.abort(),
    async *watch(given, registryHost) {
      const host = registryHost === undefined ? undefined : shownHost(registryHost);
      const signal = AbortSignal.any([given, closed.signal]);
      let seen: number | undefined;
      while (!signal.aborted) {
        const batches = ring.batchesAfter(seen ?? 0);
        const wanted = batches
          .map((batch) => batch.filter((entry) => host === undefined || entry.registryHost === host))
          .filter((batch) => batch.length > 0);
        if (seen === undefined && wanted.length === 0) yield [];
        yield* wanted;
        seen = batches.at(-1)?.at(-1)?.id ?? seen ?? 0;
        if (batches.length === 0) await untilAborted(nextEntry(signal), signal);
      }
    },
  };
}

/** An abort is the end of a watch, not its failure. */
async function untilAborted(wait: Promise<void>, signal: AbortSignal): Promise<void> {
  try {
    await wait;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function shownHost(host: string): string {
  try {
    return canonicalRegistryHost(host);
  } catch (error) {
    if (error instanceof OciError) return host;
    throw error;
  }
}
