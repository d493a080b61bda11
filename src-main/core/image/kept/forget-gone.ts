import type { Shelf } from './shelf.ts';
import { isGone, isRepositoryGone } from './unreachable.ts';

/** Every kind that is kept of a repository, and what follows its name in the keys: none occurs in a name. */
const KINDS = [
  ['tags', ' '],
  ['referrers', '@'],
  ['tag', ':'],
  ['manifest', '@'],
  ['blob', '@'],
] as const;

/**
 * Passes an answer on. What the registry says is gone is not shown from the shelf the next time it is silent: `forget`
 * is called for the thing asked for, and a repository that is not there or not ours any more is dropped whole.
 */
export async function forgetGone<T>(
  asked: Promise<T>,
  from: { readonly shelf: Shelf; readonly repository?: string; readonly forget?: () => void },
): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (isGone(error)) from.forget?.();
    const { repository } = from;
    if (repository !== undefined && isRepositoryGone(error)) {
      for (const [kind, end] of KINDS) from.shelf.dropStarting(kind, repository + end);
    }
    throw error;
  }
}
