import type { Clock } from '../../ports.ts';
import type { Offline, Presence } from '../../registry/registry-client.ts';
import { DeadlineError } from '../../registry/transport/node-failure.ts';
import { createSingleFlight } from '../../single-flight.ts';
import type { Kept } from './shelf.ts';
import { silenceReason } from './unreachable.ts';

export type PatienceTimes = {
  /** How long an answer may take before a kept copy is thought of. */
  readonly slowMs: number;
  /** The same while the registry has not answered lately. */
  readonly slowAgainMs: number;
  /** How long it may take to find out whether the registry is there at all. */
  readonly checkMs: number;
};

const TIMES: PatienceTimes = { slowMs: 3000, slowAgainMs: 500, checkMs: 2000 };

type Question<T> = {
  readonly live: (signal: AbortSignal) => Promise<T>;
  readonly kept: () => Kept<T> | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** The answer, and why it is not the registry's own of now. */
export type Answer<T> = { readonly value: T; readonly offline?: Offline };

/** Asks the registry first, and falls back on what was kept when it cannot be reached. */
export type Patience = {
  /** Rejects with the registry's error when nothing was kept, and with every error that is an answer. */
  ask<T>(question: Question<T>): Promise<Answer<T>>;
};

/**
 * A refused connection or an unknown name falls back at once. When an answer takes three seconds, for whatever reason,
 * it is checked whether the registry is there, if there is something to fall back on: when it is, it is only slow and is
 * waited for; when not within two seconds, the copy is shown. An answer that comes meanwhile decides. Until it answers
 * again half a second is enough.
 */
export function createPatience(presence: Presence, clock: Clock, times: PatienceTimes = TIMES): Patience {
  const checks = createSingleFlight<string | undefined>();
  let isSilent = false;

  /** Why it is not there; undefined when it is. */
  const silence = (signal: AbortSignal | undefined): Promise<string | undefined> =>
    checks.run('check', (shared) => absence(presence, clock, { checkMs: times.checkMs, signal: shared }), signal);

  /** The copy, when a check shows that nobody is there before `running` has come to an end, whichever. */
  const ifSilent = async <T>(
    { kept, signal }: Question<T>,
    running: Promise<unknown>,
  ): Promise<Answer<T> | undefined> => {
    if (kept() === undefined) return undefined;
    const left = new AbortController();
    const either = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]);
    const nothing = (): undefined => undefined;
    try {
      // A caller who aborts is told so by `running`.
      const reason = await Promise.race([running.then(nothing, nothing), silence(either).catch(nothing)]);
      // Read again: another answer may have dropped the copy meanwhile.
      const copy = reason === undefined ? undefined : kept();
      return copy === undefined || reason === undefined ? undefined : offlineAnswer(copy, reason);
    } finally {
      left.abort();
    }
  };

  return {
    ask: async (question) => {
      const { live, kept, signal } = question;
      const askedMs = clock.now();
      const stop = new AbortController();
      const running = live(signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]));
      // It is awaited below, or given up.
      running.catch(() => undefined);
      if (await isSlow(running, isSilent ? times.slowAgainMs : times.slowMs, clock)) {
        const instead = await ifSilent(question, running);
        if (instead !== undefined) {
          stop.abort();
          isSilent = true;
          return instead;
        }
      }
      try {
        const value = await running;
        isSilent = false;
        return { value };
      } catch (error) {
        const isThere = presence.heardSince(askedMs);
        const reason = signal?.aborted === true ? undefined : silenceReason(error, isThere);
        const copy = reason === undefined ? undefined : kept();
        if (reason === undefined || copy === undefined) throw error;
        return offlineAnswer(copy, reason);
      }
    },
  };
}

function offlineAnswer<T>({ value, seenAt }: Kept<T>, reason: string): Answer<T> {
  return { value, offline: { seenAt: new Date(seenAt).toISOString(), reason } };
}

/** True when `running` has neither resolved nor failed within `ms`. */
async function isSlow(running: Promise<unknown>, ms: number, clock: Clock): Promise<boolean> {
  const timer = new AbortController();
  const settled = running.then(
    () => false,
    () => false,
  );
  const late = clock.sleep(ms, timer.signal).then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([settled, late]);
  } finally {
    timer.abort();
  }
}

/** Why nobody is there; undefined when somebody is. */
async function absence(
  presence: Presence,
  clock: Clock,
  { checkMs, signal }: { readonly checkMs: number; readonly signal: AbortSignal },
): Promise<string | undefined> {
  const stop = new AbortController();
  const late = new DeadlineError(`no sign of life within ${checkMs} ms`);
  const checked = presence.check(AbortSignal.any([signal, stop.signal])).then(
    () => undefined,
    (error: unknown) => silenceReason(error, false),
  );
  try {
    if (!(await isSlow(checked, checkMs, clock))) return await checked;
    // By its name, so that whoever keeps the health of the registry hears of a failure, not of a person who left.
    stop.abort(late);
    return 'timeout';
  } finally {
    stop.abort();
  }
}
