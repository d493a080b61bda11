import type { Digest } from '#shared/oci/digest.ts';
import { MEDIA_TYPE } from '#shared/oci/media-type.ts';
import { digestOf } from '../../content-digest.ts';
import type { ManifestBytes } from '../../transfer/ends.ts';
import type { LayerBlob } from './layer-blobs.ts';

type Sized = { readonly digest: Digest; readonly sizeBytes: number };

const OCI = {
  manifest: MEDIA_TYPE.ociManifest,
  config: MEDIA_TYPE.ociConfig,
  layers: { gzip: MEDIA_TYPE.ociLayerGzip, zstd: MEDIA_TYPE.ociLayerZstd },
} as const;
const DOCKER = {
  manifest: MEDIA_TYPE.dockerManifest,
  config: MEDIA_TYPE.dockerConfig,
  layers: { gzip: MEDIA_TYPE.dockerLayerGzip, zstd: MEDIA_TYPE.ociLayerZstd },
} as const;

/**
 * The manifest that an image of a docker-save tar would have had in a registry: docker's schema 2, in the form docker
 * writes it, or an OCI manifest where a layer is compressed with zstd. The same parts make the same bytes.
 * Spec: Docker image manifest v2 schema 2; OCI image 1.1, manifest.md.
 */
export function makeManifest(config: Sized, layers: readonly LayerBlob[]): ManifestBytes {
  const types = layers.some(({ compression }) => compression === 'zstd') ? OCI : DOCKER;
  const manifest = {
    schemaVersion: 2,
    mediaType: types.manifest,
    config: { mediaType: types.config, size: config.sizeBytes, digest: config.digest },
    layers: layers.map(({ compression, sizeBytes, digest }) => ({
      mediaType: types.layers[compression],
      size: sizeBytes,
      digest,
    })),
  };
  const bytes = Buffer.from(JSON.stringify(manifest, undefined, 3));
  return { bytes, digest: digestOf(bytes), mediaType: types.manifest };
}
