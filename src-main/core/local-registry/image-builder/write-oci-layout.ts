import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestAlgorithm, digestHex } from '#shared/oci/digest.ts';
import { MEDIA_TYPE } from '#shared/oci/media-type.ts';
import type { BuiltContent } from './content.ts';

export type LayoutEntry = { readonly content: BuiltContent; readonly tag?: string };

/** Writes an OCI image layout into a folder (made when missing). Spec: OCI image 1.1, image-layout.md. */
export async function writeOciLayout(dir: string, entries: readonly LayoutEntry[]): Promise<void> {
  for (const { content } of entries) {
    for (const { digest, bytes } of [...content.blobs, ...content.manifests]) {
      const folder = join(dir, 'blobs', digestAlgorithm(digest));
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, digestHex(digest)), bytes);
    }
  }
  const manifests = entries.map(({ content, tag }) => ({
    ...content.descriptor,
    ...(tag !== undefined && { annotations: { 'org.opencontainers.image.ref.name': tag } }),
  }));
  await writeFile(
    join(dir, 'index.json'),
    JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests }),
  );
  await writeFile(join(dir, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
}
