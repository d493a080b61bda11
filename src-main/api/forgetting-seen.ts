import type { Services } from './services.ts';

/**
 * Changes who a registry is used as. What was seen of it is hidden before that, so that nobody who comes after sees it
 * however this ends, and then deleted. A change that fails has cost a few copies.
 */
export async function forgettingSeen<T>(
  registryId: string,
  { cache }: Pick<Services, 'cache'>,
  change: () => Promise<T>,
): Promise<T> {
  cache.hide(registryId);
  try {
    return await change();
  } finally {
    cache.forget(registryId);
  }
}
