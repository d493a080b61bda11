import type { Digest } from '#shared/oci/digest.ts';
import { raceAbort } from '../../race-abort.ts';
import type { ContentSource, ManifestBytes } from '../ends.ts';
import { TransferError } from '../transfer-error.ts';

/** All manifests of one plan together; they stand in memory until it is started. */
const MAX_BYTES = 256 * 1024 * 1024;

/** The manifests of a plan, each read once however many tags share it. */
export type ManifestShelf = {
  /** From the shelf, else from this source. Everyone who asks meanwhile waits for the same answer. */
  load(source: ContentSource, digest: Digest, signal: AbortSignal): Promise<ManifestBytes>;
  /** @throws {TransferError} `too-many` */
  keep(manifest: ManifestBytes): ManifestBytes;
  readonly kept: ReadonlyMap<Digest, ManifestBytes>;
};

/** Reading is under `signal`, the plan's own: a row that gives up must not fail another that shares a manifest. */
export function createManifestShelf(signal: AbortSignal): ManifestShelf {
  const kept = new Map<Digest, ManifestBytes>();
  const loading = new Map<Digest, Promise<ManifestBytes>>();
  let bytes = 0;

  const keep = (manifest: ManifestBytes): ManifestBytes => {
    const known = kept.get(manifest.digest);
    if (known !== undefined) return known;
    bytes += manifest.bytes.length;
    if (bytes > MAX_BYTES) throw new TransferError('too-many', `more than ${MAX_BYTES} bytes of manifests`);
    kept.set(manifest.digest, manifest);
    return manifest;
  };

  const read = async (source: ContentSource, digest: Digest): Promise<ManifestBytes> => {
    try {
      return keep(await source.getManifest(digest, { signal }));
    } finally {
      loading.delete(digest);
    }
  };

  return {
    kept,
    keep,
    load: (source, digest, caller) => {
      const known = kept.get(digest);
      if (known !== undefined) return Promise.resolve(known);
      const promise = loading.get(digest) ?? read(source, digest);
      if (!loading.has(digest)) {
        promise.catch(() => undefined);
        loading.set(digest, promise);
      }
      return raceAbort(promise, caller);
    },
  };
}
