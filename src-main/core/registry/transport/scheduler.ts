import type { Clock } from '../../ports.ts';
import { type AcquireOptions, createHostQueue, type HostQueue, type Release } from './host-queue.ts';
import type { Wait } from './transport-event.ts';

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

/**
 * One slow host never stalls another: hosts are independent. Six places a host is what browsers allow themselves and
 * what registries' abuse limits are tuned for; a waiter costs one closure, so 100,000 rows may queue.
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

  const queueOf = (host: string): HostQueue => {
    const known = queues.get(host);
    if (known !== undefined) return known;
    const isPaused = () => pauseOf(host) !== undefined;
    const queue = createHostQueue({ places: perHost, isPaused, onIdle: () => queues.delete(host) });
    queues.set(host, queue);
    return queue;
  };

  const resumeLater = async (host: string): Promise<void> => {
    try {
      for (let pause = pauseOf(host); pause !== undefined; pause = pauseOf(host)) {
        await clock.sleep(pause.untilMs - clock.now(), closed.signal);
      }
      pauses.delete(host);
      queues.get(host)?.admit();
    } catch {
      // Closed: whoever still waits is told by their own signal.
    }
  };

  return {
    pauseOf,
    acquire: (host, given = {}) => queueOf(host).acquire(given),
    pause: (host, wait) => {
      const before = pauseOf(host);
      if (before !== undefined && before.untilMs >= wait.untilMs) return;
      pauses.set(host, wait);
      if (before === undefined) void resumeLater(host);
    },
    load: (host) => {
      const queue = queues.get(host);
      return { active: queue?.active ?? 0, waiting: queue?.waiting ?? 0 };
    },
    close: () => closed.abort(),
  };
}
