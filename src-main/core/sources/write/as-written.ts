import { MEDIA_TYPE } from '#shared/oci/media-type.ts';
import { digestOf } from '../../content-digest.ts';
import type { ManifestBytes } from '../../transfer/ends.ts';

/**
 * A manifest as an archive names it: by the digest of its bytes. Registries name signed schema 1 by that of its payload
 * alone (SECURITY-CASES M13). Spec: OCI image 1.1, image-layout.md, "Blobs".
 */
export function asWritten(manifest: ManifestBytes): ManifestBytes {
  const { bytes, mediaType } = manifest;
  return mediaType === MEDIA_TYPE.dockerSchema1Signed ? { ...manifest, digest: digestOf(bytes) } : manifest;
}
