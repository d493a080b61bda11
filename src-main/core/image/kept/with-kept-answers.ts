import type { Clock } from '../../ports.ts';
import type { RegistryClient } from '../../registry/registry-client.ts';
import { forgetChanged } from './forget-changed.ts';
import { forgetGone } from './forget-gone.ts';
import { keptContent, MAX_KEPT_BLOB_BYTES } from './kept-content.ts';
import { keptLists } from './kept-lists.ts';
import { keptManifests } from './kept-manifests.ts';
import { createPatience, type PatienceTimes } from './patience.ts';
import type { Shelf } from './shelf.ts';

export type KeptAnswersOptions = {
  readonly shelf: Shelf;
  readonly clock: Clock;
  readonly patience?: PatienceTimes;
  /** The registry counts GETs of manifests, and refuses more than so many. */
  readonly countsPulls?: boolean;
};

/**
 * The same client over a shelf of what was seen: content by digest is not asked for twice, a tag seen before costs one
 * HEAD, and when the registry cannot be reached lists and tags come as they were last seen, with `offline` saying so.
 * What the registry does answer always counts. Streams of blobs pass through. Closed, it keeps nothing more.
 */
export function withKeptAnswers(client: RegistryClient, options: KeptAnswersOptions): RegistryClient {
  let isClosed = false;
  const shelf: Shelf = {
    get: (kind, key) => options.shelf.get(kind, key),
    // An answer on its way while a person signs out must not be kept after all.
    put: (...entry) => {
      if (!isClosed) options.shelf.put(...entry);
    },
    drop: (kind, key) => options.shelf.drop(kind, key),
    dropStarting: (kind, prefix) => options.shelf.dropStarting(kind, prefix),
  };
  const content = keptContent(shelf);
  const patience = createPatience(client.presence, options.clock, options.patience);
  return {
    ...client,
    ...keptLists({ client, shelf, patience }),
    ...keptManifests({ client, shelf, content, patience, countsPulls: options.countsPulls === true }),
    pushManifest: (call) => forgetChanged(client.pushManifest(call), shelf, call),
    addReferrer: (call) => forgetChanged(client.addReferrer(call), shelf, call),
    getBlob: async (call) => {
      const { repository, descriptor, limitBytes = MAX_KEPT_BLOB_BYTES } = call;
      if (descriptor.sizeBytes > Math.min(limitBytes, MAX_KEPT_BLOB_BYTES)) return client.getBlob(call);
      call.signal?.throwIfAborted();
      const known = content.blob(repository, descriptor);
      if (known !== undefined) return known;
      const bytes = await forgetGone(client.getBlob(call), { shelf, repository });
      content.keepBlob(repository, descriptor, bytes);
      return bytes;
    },
    close: async () => {
      isClosed = true;
      await client.close();
    },
  };
}
