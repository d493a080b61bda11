import type { Clock } from '../../ports.ts';
import { raceAbort } from '../../race-abort.ts';

/** As long as others wait at most: a registry that ponders over its catalog must not hold up a list of tags. */
const MAX_WAIT_MS = 2000;

/** Lets one request go ahead while nobody knows how the registry wants to be asked. */
export type FirstContact = {
  /** Runs `work` at once when it is the first or the first is over, else after it. Rejects with the signal's reason. */
  run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** What the first one goes ahead to learn is known: nobody waits from now on. */
  end(): void;
};

/**
 * Six parallel first requests would be refused six times, each to learn the same. Those that wait here send what the
 * first one learned; an open registry gets no request more than without. Over with `end`, the first answer or failure,
 * or after 2 s; when the first is aborted the next in line takes its place.
 */
export function createFirstContact(clock: Clock): FirstContact {
  let isOver = false;
  let ahead: PromiseWithResolvers<void> | undefined;

  const end = (): void => {
    isOver = true;
    ahead?.resolve();
  };

  const endLate = async (signal: AbortSignal): Promise<void> => {
    try {
      await clock.sleep(MAX_WAIT_MS, signal);
      end();
    } catch {
      // It was over before.
    }
  };

  const lead = async <T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> => {
    const mine = Promise.withResolvers<void>();
    const settled = new AbortController();
    ahead = mine;
    void endLate(settled.signal);
    try {
      return await work();
    } finally {
      isOver ||= signal?.aborted !== true;
      ahead = undefined;
      settled.abort();
      mine.resolve();
    }
  };

  const run = async <T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> => {
    if (isOver) return work();
    if (ahead === undefined) return lead(work, signal);
    await raceAbort(ahead.promise, signal);
    return run(work, signal);
  };
  return { run, end };
}
