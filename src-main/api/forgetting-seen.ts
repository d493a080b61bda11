import { ConflictError, InvalidInputError, NotFoundError } from '../core/gantry-error.ts';
import type { Services } from './services.ts';

/**
 * Changes who a registry is used as. What was seen of it is hidden before that, so that nobody who comes after sees it
 * however this ends, and then deleted; it is shown again when the change was refused before anything was touched.
 */
export async function forgettingSeen<T>(
  registryId: string,
  { cache }: Pick<Services, 'cache'>,
  change: () => Promise<T>,
): Promise<T> {
  const showAgain = cache.hide(registryId);
  try {
    const changed = await change();
    cache.forget(registryId);
    return changed;
  } catch (error) {
    if (wasRefused(error)) showAgain();
    else cache.forget(registryId);
    throw error;
  }
}

function wasRefused(error: unknown): boolean {
  return error instanceof InvalidInputError || error instanceof ConflictError || error instanceof NotFoundError;
}
