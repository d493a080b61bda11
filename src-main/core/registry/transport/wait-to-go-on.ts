import type { ReadOptions } from './http.ts';
import { toCancelled } from './node-failure.ts';
import { setbackOfFailure } from './retry.ts';
import type { SendContext } from './send.ts';
import { waitForTry } from './wait-for-try.ts';

/**
 * Waits until it is time to go on with something that has failed on its way: a blob that is sent or read in parts.
 * @throws the failure itself when going on would help nothing or was tried enough; {RegistryError} `cancelled`
 */
export async function waitToGoOn(
  error: unknown,
  { endpoint, signal, retrier, hasBegun = false }: ReadOptions & { readonly hasBegun?: boolean },
  context: SendContext,
): Promise<void> {
  if (signal?.aborted === true) throw toCancelled(error);
  const setback = setbackOfFailure(error, hasBegun);
  const next = setback === undefined ? undefined : retrier.next(setback);
  if (setback === undefined || next === undefined) throw error;
  await waitForTry({ endpoint, signal, setback, next }, context);
}
