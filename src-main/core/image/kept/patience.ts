import type { Clock } from '../../ports.ts';
import type { Offline, RegistryClient } from '../../registry/registry-client.ts';
import { createSingleFlight } from '../../single-flight.ts';
import type { Kept } from './shelf.ts';
import { unreachableReason } from './unreachable.ts';

export type PatienceTimes = {
  /** How long an answer may take before a kept copy is thought of. */
  readonly slowMs: number;
  /** The same while the registry has not answered lately. */
  readonly slowAgainMs: number;
  /** How long a ping may take that asks whether the registry is there at all. */
  readonly pingMs: number;
};

const TIMES: PatienceTimes = { slowMs: 3000, slowAgainMs: 500, pingMs: 2000 };

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
 * A refused connection or an unknown name falls back at once. A registry that is silent for three seconds is pinged, if
 * there is something to fall back on: when the ping is answered, in whatever way, the registry is only slow and is
 * waited for; when not within two seconds, the copy is shown. An answer that comes while the ping is under way decides.
 * Until it answers again half a second is enough.
 */
export function createPatience(
  client: Pick<RegistryClient, 'ping'>,
  clock: Clock,
  times: PatienceTimes = TIMES,
): Patience {
  const pings = createSingleFlight<string | undefined>();
  let isSilent = false;

  /** Why it is not there; undefined when it is. */
  const silence = (signal: AbortSignal | undefined): Promise<string | undefined> =>
    pings.run('ping', (shared) => pingReason(client, clock, { pingMs: times.pingMs, signal: shared }), signal);

  /** The copy, when a ping shows that nobody is there before `running` has come to an end, whichever. */
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
        const reason = signal?.aborted === true ? undefined : unreachableReason(error);
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

async function pingReason(
  client: Pick<RegistryClient, 'ping'>,
  clock: Clock,
  { pingMs, signal }: { readonly pingMs: number; readonly signal: AbortSignal },
): Promise<string | undefined> {
  const stop = new AbortController();
  const pinged = client.ping({ signal: AbortSignal.any([signal, stop.signal]) }).then(
    () => undefined,
    (error: unknown) => unreachableReason(error),
  );
  try {
    return (await isSlow(pinged, pingMs, clock)) ? 'timeout' : await pinged;
  } finally {
    stop.abort();
  }
}
