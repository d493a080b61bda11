import { createPacedMailbox } from './paced-mailbox.ts';
import type { Clock } from './ports.ts';

const PACE_MS = 100;

export type Work<E, T> = {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly work: (tell: (event: E) => void, signal: AbortSignal) => Promise<T>;
};

/** Gives out the newest of what the work tells, at most ten times a second, and what it comes to at the end. */
export async function* whileWorking<E, T>({ clock, signal, work }: Work<E, T>): AsyncGenerator<E, T, void> {
  const leaving = new AbortController();
  const mailbox = createPacedMailbox<E>(PACE_MS, clock);
  const done = work(mailbox.put, AbortSignal.any([signal, leaving.signal]));
  done.then(mailbox.end, mailbox.fail);
  try {
    for (let news = await mailbox.take(signal); news !== undefined; news = await mailbox.take(signal)) {
      const last = news.at(-1);
      if (last !== undefined) yield last;
    }
    return await done;
  } finally {
    leaving.abort();
  }
}
