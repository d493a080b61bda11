import type { Shelf } from './shelf.ts';

/**
 * Passes the outcome of a push into a repository on, and drops what it makes untrue: what its tag led to, its lists of
 * tags and its lists of referrers; after a failure too, since it may have been carried out all the same. Content by
 * digest stays what it is, and the catalog is shown as of the time it was seen.
 */
export async function forgetChanged<T>(
  write: Promise<T>,
  shelf: Shelf,
  { repository, reference }: { readonly repository: string; readonly reference?: string },
): Promise<T> {
  try {
    return await write;
  } finally {
    if (reference !== undefined) shelf.drop('tag', `${repository}:${reference}`);
    shelf.dropStarting('tags', `${repository} `);
    shelf.dropStarting('referrers', `${repository}@`);
  }
}
