import type { Clock } from '../../ports.ts';
import type { Priority } from '../registry-client.ts';
import { createHostQueue, type HostQueue, type Release } from './host-queue.ts';
import type { Wait } from './transport-event.ts';

export type AcquireOptions = {
  /** `open` when absent. */
  readonly priority?: Priority | undefined;
  /** A large body goes this way: for a `transfer`, and for everything that is uploaded, that means a pool of its own. */
  readonly bulk?: 'upload' | 'download' | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** A queue for each host, with a lane for each priority: at most so many holders at once. */
export type Scheduler = {
  /** Resolves when there is room. An abort takes the waiter out of the queue and rejects with the signal's reason. */
  acquire(host: string, options?: AcquireOptions): Promise<Release>;
  /** Lets nobody in until then; those inside stay. A pause is never shortened. */
  pause(host: string, wait: Wait): void;
  /** Until when nobody is let in, and why; undefined when nothing stands still. */
  pauseOf(host: string): Wait | undefined;
  /** How many hold a place and how many wait, for tests and the status bar. */
  load(host: string): { readonly active: number; readonly waiting: number };
  /** Ends every pause's timer. */
  close(): void;
};

/** Whose places they are. */
const POOLS = ['browse', 'transfer', 'upload', 'download'] as const;
type Pool = (typeof POOLS)[number];

/** A bound for the worst day only: how many requests of a transfer are good for a host is for the transfer to find out. */
const TRANSFER_PLACES = 64;

/**
 * One slow host never stalls another: hosts are independent. Six places a host is what browsers allow themselves and
 * what registries' abuse limits are tuned for; a waiter costs one closure, so 100,000 rows may queue. Transfers take
 * none of them. What they upload and download has two pools more: a copy within one host holds a place of each, and
 * could otherwise wait for itself; and no HEAD stands behind gigabytes.
 */
export function createScheduler(options: { readonly perHost: number; readonly clock: Clock }): Scheduler {
  const { perHost, clock } = options;
  const queues = new Map<string, HostQueue>();
  const pauses = new Map<string, Wait>();
  const closed = new AbortController();

  const pauseOf = (host: string): Wait | undefined => {
    const pause = pauses.get(host);
    return pause !== undefined && pause.untilMs > clock.now() ? pause : undefined;
  };

  const queueOf = (host: string, pool: Pool): HostQueue => {
    const key = `${pool} ${host}`;
    const known = queues.get(key);
    if (known !== undefined) return known;
    const isPaused = () => pauseOf(host) !== undefined;
    const places = pool === 'browse' ? perHost : TRANSFER_PLACES;
    const queue = createHostQueue({ places, isPaused, onIdle: () => queues.delete(key) });
    queues.set(key, queue);
    return queue;
  };
  const queuesOf = (host: string): readonly HostQueue[] => POOLS.flatMap((pool) => queues.get(`${pool} ${host}`) ?? []);

  const resumeLater = async (host: string): Promise<void> => {
    try {
      for (let pause = pauseOf(host); pause !== undefined; pause = pauseOf(host)) {
        await clock.sleep(pause.untilMs - clock.now(), closed.signal);
      }
      pauses.delete(host);
      for (const queue of queuesOf(host)) queue.admit();
    } catch {
      // Closed: whoever still waits is told by their own signal.
    }
  };

  return {
    pauseOf,
    acquire: (host, { priority, bulk, signal } = {}) => {
      const queue = queueOf(host, poolOf(priority, bulk));
      return queue.acquire({ priority: priority === 'transfer' ? 'open' : priority, signal });
    },
    pause: (host, wait) => {
      const before = pauseOf(host);
      if (before !== undefined && before.untilMs >= wait.untilMs) return;
      pauses.set(host, wait);
      if (before === undefined) void resumeLater(host);
    },
    load: (host) => {
      const all = queuesOf(host);
      const sum = (of: (queue: HostQueue) => number) => all.reduce((total, queue) => total + of(queue), 0);
      return { active: sum((queue) => queue.active), waiting: sum((queue) => queue.waiting) };
    },
    close: () => closed.abort(),
  };
}

function poolOf(priority: Priority | undefined, bulk: AcquireOptions['bulk']): Pool {
  if (bulk === 'upload') return 'upload';
  if (priority !== 'transfer') return 'browse';
  return bulk ?? 'transfer';
}
