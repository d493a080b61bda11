import { MEDIA_TYPE } from '#shared/oci/media-type.ts';
import { buildJsonBlob, buildManifest, type BuiltContent, describe, type WireDescriptor } from './content.ts';
import type { IndexEntry } from './image.ts';

/** One in-toto statement about an image. */
export type AttestationStatement = { readonly predicateType: string; readonly predicate: unknown };

/**
 * Statements about an image in the form buildx gives them: a manifest for platform `unknown/unknown`, tied to its
 * image by annotations in the index. `imageName` is the purl a builder writes as the subject.
 */
export function buildAttestation(
  image: WireDescriptor,
  imageName: string,
  statements: readonly AttestationStatement[],
): IndexEntry {
  const blobs = statements.map((statement) =>
    buildJsonBlob({
      _type: 'https://in-toto.io/Statement/v0.1',
      predicateType: statement.predicateType,
      subject: [{ name: imageName, digest: { sha256: image.digest.slice('sha256:'.length) } }],
      predicate: statement.predicate,
    }),
  );
  const diffIds = blobs.map((blob) => blob.digest);
  const config = buildJsonBlob({
    architecture: 'unknown',
    os: 'unknown',
    config: {},
    rootfs: { type: 'layers', diff_ids: diffIds },
  });
  const content: BuiltContent = buildManifest(
    MEDIA_TYPE.ociManifest,
    {
      schemaVersion: 2,
      mediaType: MEDIA_TYPE.ociManifest,
      config: describe(config, MEDIA_TYPE.ociConfig),
      layers: blobs.map((blob, index) =>
        describe(blob, MEDIA_TYPE.inToto, {
          annotations: { 'in-toto.io/predicate-type': statements[index]?.predicateType ?? '' },
        }),
      ),
    },
    { blobs: [config, ...blobs] },
  );
  return {
    content,
    annotations: {
      'vnd.docker.reference.digest': image.digest,
      'vnd.docker.reference.type': 'attestation-manifest',
    },
    platform: { architecture: 'unknown', os: 'unknown' },
  };
}
