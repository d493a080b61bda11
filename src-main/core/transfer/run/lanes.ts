import { type AdaptiveLimit, createAdaptiveLimit } from './adaptive-limit.ts';
import { createSizeQueue, type LaneOutcome, type SizeQueue, type Waiter } from './size-queue.ts';

/** Gives back a lane; calling it twice does nothing. */
export type LeaveLane = (outcome: LaneOutcome) => void;

export type Lanes = {
  /**
   * Resolves when there is a free lane on every one of `hosts`, all taken at once, so that nobody holds one end while
   * waiting for the other. An abort takes the waiter out and rejects with the signal's reason.
   */
  enter(call: {
    readonly hosts: readonly string[];
    readonly sizeBytes: number;
    readonly signal: AbortSignal;
  }): Promise<LeaveLane>;
  /** A request to this host had to wait or be sent again: it is busy, or breaks off. */
  readonly suffered: (host: string) => void;
  /** At most so many blobs at once to or from a host; 0: as many as turn out best. */
  setCap(lanes: number): void;
  /** For tests and reports. */
  load(host: string): { readonly small: number; readonly large: number; readonly waiting: number };
};

/** Blobs up to this size are limited by round trips, larger ones by the network. */
export const SMALL_BYTES = 4 * 1024 * 1024;

const BOUNDS = { small: { start: 24, min: 1, max: 48 }, large: { start: 6, min: 1, max: 8 } } as const;

type SizeClass = keyof typeof BOUNDS;
type Gate = { readonly limits: Readonly<Record<SizeClass, AdaptiveLimit>>; readonly held: Record<SizeClass, number> };

/**
 * Lanes of two kinds for each host: many for small blobs, few for large ones, so that neither starves the other. Of the
 * large ones that wait the largest is next, since what begins last ends last; the small ones go in order of arrival.
 */
export function createLanes(): Lanes {
  const gates = new Map<string, Gate>();
  const queues = new Map<string, SizeQueue>();
  let cap = 0;

  const gateOf = (host: string): Gate => {
    const known = gates.get(host) ?? createGate();
    gates.set(host, known);
    return known;
  };
  const hasRoom = (host: string, size: SizeClass): boolean => {
    const { limits, held } = gateOf(host);
    if (cap > 0) return held.small + held.large < cap && (size === 'small' || held.large < Math.max(1, cap - 1));
    return held[size] < limits[size].limit;
  };

  const take = (waiter: Waiter, size: SizeClass): void => {
    for (const host of waiter.hosts) gateOf(host).held[size] += 1;
    let isHeld = true;
    waiter.enter((outcome: LaneOutcome) => {
      if (!isHeld) return;
      isHeld = false;
      for (const host of waiter.hosts) leave(gateOf(host), size, outcome, waiter.sizeBytes);
      admit();
    });
  };
  const admit = (): void => {
    for (const [key, queue] of queues) {
      for (const size of ['large', 'small'] as const) {
        for (let next = queue.peek(size); next !== undefined; next = queue.peek(size)) {
          if (!next.hosts.every((host) => hasRoom(host, size))) break;
          queue.remove(next);
          take(next, size);
        }
      }
      if (queue.length === 0) queues.delete(key);
    }
  };

  return {
    enter: ({ hosts: given, sizeBytes, signal }) => {
      const hosts = [...new Set(given)].sort();
      const key = hosts.join(' ');
      const queue = queues.get(key) ?? createSizeQueue(SMALL_BYTES);
      queues.set(key, queue);
      return standInLine(queue, { hosts, sizeBytes, signal, admit });
    },
    suffered: (host) => {
      const gate = gates.get(host);
      for (const size of ['small', 'large'] as const) {
        if (gate !== undefined && gate.held[size] > 0) gate.limits[size].suffered();
      }
    },
    setCap: (lanes) => {
      cap = lanes;
      admit();
    },
    load: (host) => ({
      ...gateOf(host).held,
      waiting: [...queues.values()].reduce((sum, queue) => sum + queue.count(host), 0),
    }),
  };
}

function createGate(): Gate {
  return {
    limits: { small: createAdaptiveLimit(BOUNDS.small), large: createAdaptiveLimit(BOUNDS.large) },
    held: { small: 0, large: 0 },
  };
}

function leave({ limits, held }: Gate, size: SizeClass, outcome: LaneOutcome, sizeBytes: number): void {
  held[size] -= 1;
  if (outcome.kind === 'sent') limits[size].succeeded(outcome.tookMs, sizeBytes);
}

function standInLine(
  queue: SizeQueue,
  call: {
    readonly hosts: readonly string[];
    readonly sizeBytes: number;
    readonly signal: AbortSignal;
    readonly admit: () => void;
  },
): Promise<LeaveLane> {
  const { hosts, sizeBytes, signal, admit } = call;
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const abort = (): void => {
      queue.remove(waiter);
      reject(signal.reason);
    };
    const waiter: Waiter = {
      hosts,
      sizeBytes,
      enter: (leaveLane) => {
        signal.removeEventListener('abort', abort);
        resolve(leaveLane);
      },
    };
    signal.addEventListener('abort', abort, { once: true });
    queue.add(waiter);
    admit();
  });
}
