import type { RegistryClient } from '../../registry/registry-client.ts';
import type { Shelf } from './shelf.ts';

type Droppable = Pick<Shelf, 'drop' | 'dropStarting'>;
type Changed = { readonly repository: string; readonly reference?: string };

/**
 * Passes the outcome of a push into a repository on, and drops what it makes untrue: what its tag led to, its lists of
 * tags and its lists of referrers; after a failure too, since it may have been carried out all the same. Content by
 * digest stays what it is, and the catalog is shown as of the time it was seen.
 */
export async function forgetChanged<T>(write: Promise<T>, shelf: Droppable, changed: Changed): Promise<T> {
  try {
    return await write;
  } finally {
    drop(shelf, changed);
  }
}

/**
 * The same client, remembering nothing itself, which drops from what others remember what its writes make untrue. Before
 * each write, too: whoever dies between the write and its answer comes back to a shelf that says nothing, not what was.
 */
export function withForgettingWrites(client: RegistryClient, shelf: Droppable): RegistryClient {
  const forgetting = <T>(changed: Changed, write: () => Promise<T>): Promise<T> => {
    drop(shelf, changed);
    return forgetChanged(write(), shelf, changed);
  };
  return {
    ...client,
    pushManifest: (call) => forgetting(call, () => client.pushManifest(call)),
    addReferrer: (call) => forgetting({ repository: call.repository }, () => client.addReferrer(call)),
  };
}

function drop(shelf: Droppable, { repository, reference }: Changed): void {
  if (reference !== undefined) shelf.drop('tag', `${repository}:${reference}`);
  shelf.dropStarting('tags', `${repository} `);
  shelf.dropStarting('referrers', `${repository}@`);
}
