import { ConflictError, InvalidInputError, NotFoundError } from '../core/gantry-error.ts';
import type { Services } from './services.ts';

/**
 * Changes who a registry is used as. What was seen of it is hidden before that, so that nobody who comes after sees it
 * however this ends, and then deleted, with the layers that it alone gave; it is shown again when the change was refused before anything was touched.
 */
export async function forgettingSeen<T>(
  registryId: string,
  { cache, layers }: Pick<Services, 'cache' | 'layers'>,
  change: () => Promise<T>,
): Promise<T> {
  const showAgain = cache.hide(registryId);
  const forget = async () => {
    // The note that there is something to forget goes with what was seen, so that comes last.
    await layers.forget((id) => id === registryId);
    cache.forget(registryId);
  };
  try {
    const changed = await change();
    await forget();
    return changed;
  } catch (error) {
    if (wasRefused(error)) showAgain();
    else await forget();
    throw error;
  }
}

function wasRefused(error: unknown): boolean {
  return error instanceof InvalidInputError || error instanceof ConflictError || error instanceof NotFoundError;
}
