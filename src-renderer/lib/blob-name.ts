import type { Descriptor } from '#shared/oci/descriptor.ts';

/** The title annotation, as oras writes it, else a number. Registry text. */
export function blobName({ annotations }: Descriptor, index: number): string {
  return annotations.find(([name]) => name === 'org.opencontainers.image.title')?.[1] ?? `Blob ${index + 1}`;
}
