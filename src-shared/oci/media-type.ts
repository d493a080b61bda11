/** Media types Gantry knows by name. Spec: OCI image 1.1, media-types.md; Docker image manifest v2 schema 1 and 2; in-toto. */
export const MEDIA_TYPE = {
  ociIndex: 'application/vnd.oci.image.index.v1+json',
  ociManifest: 'application/vnd.oci.image.manifest.v1+json',
  ociArtifactManifest: 'application/vnd.oci.artifact.manifest.v1+json',
  ociConfig: 'application/vnd.oci.image.config.v1+json',
  ociEmpty: 'application/vnd.oci.empty.v1+json',
  ociLayer: 'application/vnd.oci.image.layer.v1.tar',
  ociLayerGzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
  ociLayerZstd: 'application/vnd.oci.image.layer.v1.tar+zstd',
  dockerList: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerConfig: 'application/vnd.docker.container.image.v1+json',
  dockerLayerGzip: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
  dockerSchema1: 'application/vnd.docker.distribution.manifest.v1+json',
  dockerSchema1Signed: 'application/vnd.docker.distribution.manifest.v1+prettyjws',
  inToto: 'application/vnd.in-toto+json',
} as const;

/**
 * What a manifest GET or HEAD accepts: the six image types and the OCI artifact manifest of 1.1 drafts. Without all
 * of them some registries answer 404 or convert to schema 1.
 * Spec: OCI distribution 1.1, "Pulling manifests".
 */
export const ACCEPTED_MANIFEST_TYPES: readonly string[] = [
  MEDIA_TYPE.ociIndex,
  MEDIA_TYPE.ociManifest,
  MEDIA_TYPE.dockerList,
  MEDIA_TYPE.dockerManifest,
  MEDIA_TYPE.dockerSchema1Signed,
  MEDIA_TYPE.dockerSchema1,
  MEDIA_TYPE.ociArtifactManifest,
];

/** The shape that a media type promises; an `image` may still turn out an artifact once it is read. */
export type ManifestShape = 'index' | 'image' | 'artifact' | 'schema1';

const SHAPES: ReadonlyMap<string, ManifestShape> = new Map([
  [MEDIA_TYPE.ociIndex, 'index'],
  [MEDIA_TYPE.dockerList, 'index'],
  [MEDIA_TYPE.ociManifest, 'image'],
  [MEDIA_TYPE.dockerManifest, 'image'],
  [MEDIA_TYPE.ociArtifactManifest, 'artifact'],
  [MEDIA_TYPE.dockerSchema1, 'schema1'],
  [MEDIA_TYPE.dockerSchema1Signed, 'schema1'],
]);

const UNINFORMATIVE = /^(?:[^/]*|text\/.*|application\/json|application\/octet-stream|binary\/octet-stream)$/;
const LAYER =
  /^application\/vnd\.(?:oci\.image\.layer\.(?:nondistributable\.)?v1\.tar|docker\.image\.rootfs\.(?:foreign\.)?diff\.tar)(?:[.+](.+))?$/;
const FOREIGN_LAYER =
  /^application\/vnd\.(?:oci\.image\.layer\.nondistributable\.v1\.|docker\.image\.rootfs\.foreign\.diff\.)/;

/** A `Content-Type` without its parameters, trimmed and lower case: `application/json; charset=utf-8` → `application/json`. */
export function stripParameters(mediaType: string): string {
  const semicolon = mediaType.indexOf(';');
  return (semicolon === -1 ? mediaType : mediaType.slice(0, semicolon)).trim().toLowerCase();
}

/** The manifest shape that a media type (without parameters) stands for; undefined when it is none of ours. */
export function manifestKind(mediaType: string): ManifestShape | undefined {
  return SHAPES.get(mediaType);
}

/** True for what CDNs and static servers send with anything (none, no type, text, plain JSON, octets): sniff the body. */
export function isUninformativeType(mediaType: string): boolean {
  return UNINFORMATIVE.test(mediaType);
}

export type LayerCompression = 'gzip' | 'zstd' | 'none' | 'unknown';

/** How a layer's media type says it is compressed; the bytes decide when it is opened. `unknown` for what is no image layer. */
export function layerCompression(mediaType: string): LayerCompression {
  const match = LAYER.exec(mediaType);
  if (match === null) return 'unknown';
  const suffix = match[1];
  if (suffix === undefined) return 'none';
  return suffix === 'gzip' || suffix === 'zstd' ? suffix : 'unknown';
}

/** A layer of a file system, OCI or Docker, foreign and encrypted ones included. */
export function isImageLayer(mediaType: string): boolean {
  return LAYER.test(mediaType);
}

/** A layer whose bytes live elsewhere (`urls`) and are never fetched by us (SECURITY-CASES M15). */
export function isForeignLayer(mediaType: string): boolean {
  return FOREIGN_LAYER.test(mediaType);
}

/** The config of a runnable image, OCI or Docker; any other config makes the manifest an artifact. */
export function isImageConfig(mediaType: string): boolean {
  return mediaType === MEDIA_TYPE.ociConfig || mediaType === MEDIA_TYPE.dockerConfig;
}
