import type { ReadOptions } from './http.ts';
import { toCancelled } from './node-failure.ts';
import { RegistryError } from './registry-error.ts';
import { setbackOfError } from './retry.ts';
import type { SendContext } from './send.ts';
import { waitForTry } from './wait-for-try.ts';

/**
 * Runs something that reads an answer to its end, and again when the connection was lost in the middle of a body: what
 * is kept only when it is whole can be read anew. Failures before a body are not repeated here: `send` has done that.
 * @throws {RegistryError} the last failure, whose trace says how often it was tried
 */
export async function repeatRead<T>(work: () => Promise<T>, options: ReadOptions, context: SendContext): Promise<T> {
  const { endpoint, signal, retrier } = options;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (signal?.aborted === true) throw toCancelled(error);
      const setback = wasCutShort(error) ? setbackOfError(error) : undefined;
      const next = setback === undefined ? undefined : retrier.next(setback);
      if (setback === undefined || next === undefined) throw withAttempts(error, attempt);
      await waitForTry({ endpoint, signal, setback, next }, context);
    }
  }
}

/** With a status the answer had begun. */
function wasCutShort(error: unknown): error is RegistryError {
  return error instanceof RegistryError && error.trace?.status !== undefined;
}

function withAttempts(error: unknown, attempts: number): unknown {
  if (attempts === 1 || !(error instanceof RegistryError) || error.trace === undefined) return error;
  return new RegistryError(error.failure, { ...error.trace, attempts }, { cause: error.cause });
}
