import { toCancelled } from './node-failure.ts';
import { describeTry, type NextTry, type Setback } from './retry.ts';
import type { Endpoint } from './route.ts';
import type { SendContext } from './send.ts';

/** The next of so many tries, and why it is needed. */
export type NextAttempt = {
  readonly endpoint: Endpoint;
  readonly signal: AbortSignal | undefined;
  readonly setback: Setback;
  readonly next: NextTry;
};

/** Says in the log that there will be another try, and waits for its time. @throws {RegistryError} `cancelled` */
export async function waitForTry(
  { endpoint, signal, setback, next }: NextAttempt,
  { clock, log }: Pick<SendContext, 'clock' | 'log'>,
): Promise<void> {
  const { reason } = setback;
  log.decide(endpoint.url.host, describeTry(setback, next));
  const wait = { untilMs: next.untilMs, reason };
  endpoint.observe?.({ kind: 'waiting', wait });
  try {
    await clock.sleep(next.delayMs, signal);
  } catch (error) {
    throw toCancelled(error);
  } finally {
    endpoint.observe?.({ kind: 'resumed', wait });
  }
}
