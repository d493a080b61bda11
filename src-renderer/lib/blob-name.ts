import type { Descriptor } from '#shared/oci/descriptor.ts';

/** The title annotation, as oras writes it, else a number. Registry text. */
export function blobName({ annotations }: Descriptor, index: number): string {
  return annotations.find(([name]) => name === 'org.opencontainers.image.title')?.[1] ?? `Blob ${index + 1}`;
}

/** Blobs up to this size are shown as they are, under Raw. */
export const MAX_RAW_BYTES = 4 * 1024 * 1024;
