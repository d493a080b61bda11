import type { Descriptor } from '#shared/oci/descriptor.ts';
import { isDigest } from '#shared/oci/digest.ts';
import { useQuery } from '@tanstack/react-query';
import { orpc } from './client.ts';
import type { ImageRef } from './images.ts';
import { TAG_STALE_MS, type RepositoryRef } from './tags.ts';

const FOR_EVER = { staleTime: Number.POSITIVE_INFINITY };

/** A manifest's exact bytes. */
export function rawManifestQuery({ registryId, repository, reference }: ImageRef) {
  const keep = isDigest(reference) ? FOR_EVER : { staleTime: TAG_STALE_MS };
  return orpc.manifests.raw.queryOptions({ input: { registryId, repository, reference }, ...keep });
}

/** The exact bytes of a small JSON blob. */
export function rawBlobQuery({ registryId, repository }: RepositoryRef, descriptor: Descriptor) {
  return orpc.manifests.rawBlob.queryOptions({ input: { registryId, repository, descriptor }, ...FOR_EVER });
}

export function useRawManifest(ref: ImageRef) {
  return useQuery(rawManifestQuery(ref));
}

export function useRawBlob(ref: RepositoryRef, descriptor: Descriptor) {
  return useQuery(rawBlobQuery(ref, descriptor));
}
