import { randomBytes } from 'node:crypto';
import {
  buildBlob,
  buildJsonBlob,
  buildManifest,
  describe,
  type BuiltContent,
} from '#main/core/local-registry/image-builder/content.ts';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/** An image with one layer of random bytes: no registry has it yet, and nothing makes it smaller on the way. */
export function bigImage(layerBytes: number): BuiltContent {
  const layer = buildBlob(randomBytes(layerBytes));
  const rootfs = { type: 'layers', diff_ids: [layer.digest] };
  const config = buildJsonBlob({ architecture: 'amd64', os: 'linux', rootfs });
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: describe(config, 'application/vnd.oci.image.config.v1+json'),
    layers: [describe(layer, 'application/vnd.oci.image.layer.v1.tar')],
  };
  return buildManifest(MANIFEST, manifest, { blobs: [layer, config] });
}
