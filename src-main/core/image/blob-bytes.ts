import type { Descriptor } from '#shared/oci/descriptor.ts';

/** Compressed bytes of the blobs; one that is listed twice counts once, as it is stored and pulled once. */
export function totalBytes(descriptors: readonly Descriptor[]): number {
  const sizes = new Map(descriptors.map((descriptor) => [descriptor.digest, descriptor.sizeBytes]));
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}
