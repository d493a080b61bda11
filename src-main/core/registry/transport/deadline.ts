import { DeadlineError } from './node-failure.ts';

/** A signal that fires by itself when it has not been stopped in time. */
export type Deadline = { readonly signal: AbortSignal; stop(): void };

/**
 * A signal that follows the caller's and fires by itself when headers take too long. undici's own timers restart
 * with every byte, so one byte a second would hold a place for hours (SECURITY-CASES L02).
 */
export function startDeadline(ms: number, signal: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new DeadlineError(`no answer within ${ms} ms`)), ms);
  timer.unref();
  return {
    signal: signal === undefined ? controller.signal : AbortSignal.any([signal, controller.signal]),
    stop: () => clearTimeout(timer),
  };
}
