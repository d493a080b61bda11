import type { Clock } from '../ports.ts';
import type { Headers } from './transport/headers.ts';
import { parseRateLimit, type RateLimit } from './transport/rate-limit.ts';
import type { RegistryError } from './transport/registry-error.ts';
import type { TransportEvent, Wait } from './transport/transport-event.ts';

/** How a registry has answered lately. Times are ISO 8601. */
export type RegistryHealth = {
  readonly state: 'unknown' | 'online' | 'offline';
  readonly since?: string;
  /** Why it is offline: one of `network`'s or `tls`'s reasons. */
  readonly reason?: string;
  readonly rateLimit?: RateLimit & { readonly seenAt: string };
  readonly waitingUntil?: string;
  readonly waitingReason?: string;
};

/** The health of every registry, from what other requests come by: nothing is asked for it. */
export type HealthBook = {
  /** Begins a registry's record anew, and gives what its client's endpoint tells events to. */
  observer(registryId: string): (event: TransportEvent) => void;
  /** What another client of the same registry has met: into the record that is there. */
  note(registryId: string, event: TransportEvent): void;
  /** `unknown` for a registry nobody has asked yet. */
  get(registryId: string): RegistryHealth;
};

type Record = {
  state: RegistryHealth['state'];
  sinceMs?: number;
  reason?: string | undefined;
  rateLimit?: RegistryHealth['rateLimit'];
  readonly waits: Set<Wait>;
};

/** A list that is scrolled makes dozens of answers a second; people read four. */
const QUIET_MS = 250;

export function createHealthBook(deps: {
  readonly clock: Clock;
  /** `get` would answer otherwise now. At most four times a second for each registry. */
  readonly onChange: (registryId: string) => void;
}): HealthBook {
  const { clock } = deps;
  const records = new Map<string, Record>();
  const announce = createAnnouncer(deps);

  const begin = (registryId: string): Record => {
    const record: Record = { state: 'unknown', waits: new Set() };
    records.set(registryId, record);
    return record;
  };
  const takeIn = (registryId: string, record: Record, event: TransportEvent): void => {
    const hasChanged = apply(record, event, clock.now());
    if (hasChanged && records.get(registryId) === record) announce(registryId);
  };

  return {
    get: (registryId) => describe(records.get(registryId)),
    observer: (registryId) => {
      const record = begin(registryId);
      return (event) => takeIn(registryId, record, event);
    },
    note: (registryId, event) => takeIn(registryId, records.get(registryId) ?? begin(registryId), event),
  };
}

/** Calls at once when there was quiet, else once when the quiet is over. */
function createAnnouncer({ clock, onChange }: Parameters<typeof createHealthBook>[0]): (registryId: string) => void {
  const pending = new Map<string, { again: boolean }>();
  const quieten = async (registryId: string, mark: { again: boolean }): Promise<void> => {
    do {
      mark.again = false;
      onChange(registryId);
      await clock.sleep(QUIET_MS);
    } while (mark.again);
    pending.delete(registryId);
  };
  return (registryId) => {
    const mark = pending.get(registryId);
    if (mark !== undefined) {
      mark.again = true;
      return;
    }
    const fresh = { again: false };
    pending.set(registryId, fresh);
    void quieten(registryId, fresh);
  };
}

/** Takes an event in; true when it changed what is told. */
function apply(record: Record, event: TransportEvent, nowMs: number): boolean {
  if (event.kind === 'waiting') {
    record.waits.add(event.wait);
    return true;
  }
  if (event.kind === 'resumed') return record.waits.delete(event.wait);
  // A token server's or a redirect target's answers say nothing about the registry.
  if (event.kind === 'finished' || event.hop !== 'registry') return false;
  if (event.kind === 'answered') return applyAnswer(record, event.headers, nowMs);
  // It is there, and answers others: what failed was one request too many.
  return event.isHeard ? false : applyFailure(record, event.error, nowMs);
}

function applyAnswer(record: Record, headers: Headers, nowMs: number): boolean {
  const rateLimit = parseRateLimit(headers);
  const isNewLimit = rateLimit !== undefined && !isSameLimit(rateLimit, record.rateLimit);
  if (rateLimit !== undefined) record.rateLimit = { ...rateLimit, seenAt: new Date(nowMs).toISOString() };
  return setState(record, { state: 'online', reason: undefined }, nowMs) || isNewLimit;
}

/** Only what kept the registry from answering counts: what it answered with was an answer. */
function applyFailure(record: Record, { failure }: RegistryError, nowMs: number): boolean {
  if (failure.kind !== 'network' && failure.kind !== 'tls') return false;
  if (failure.reason === 'truncated') return false;
  return setState(record, { state: 'offline', reason: failure.reason }, nowMs);
}

function setState(record: Record, next: Pick<Record, 'state' | 'reason'>, nowMs: number): boolean {
  if (record.state === next.state && record.reason === next.reason) return false;
  if (record.state !== next.state) record.sinceMs = nowMs;
  record.state = next.state;
  record.reason = next.reason;
  return true;
}

function isSameLimit(a: RateLimit, b: RateLimit | undefined): boolean {
  return b !== undefined && a.limit === b.limit && a.remaining === b.remaining && a.source === b.source;
}

function describe(record: Record | undefined): RegistryHealth {
  if (record === undefined) return { state: 'unknown' };
  const { state, sinceMs, reason, rateLimit } = record;
  const longest = [...record.waits].sort((a, b) => b.untilMs - a.untilMs)[0];
  return {
    state,
    ...(sinceMs === undefined ? {} : { since: new Date(sinceMs).toISOString() }),
    ...(reason === undefined ? {} : { reason }),
    ...(rateLimit === undefined ? {} : { rateLimit }),
    ...(longest === undefined ? {} : describeWait(longest)),
  };
}

function describeWait({ untilMs, reason }: Wait): Pick<RegistryHealth, 'waitingUntil' | 'waitingReason'> {
  return { waitingUntil: new Date(untilMs).toISOString(), waitingReason: reason };
}
