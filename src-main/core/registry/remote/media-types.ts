import { isObject } from '../transport/is-object.ts';

export const MEDIA_TYPES = {
  ociManifest: 'application/vnd.oci.image.manifest.v1+json',
  ociIndex: 'application/vnd.oci.image.index.v1+json',
  ociArtifact: 'application/vnd.oci.artifact.manifest.v1+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerList: 'application/vnd.docker.distribution.manifest.list.v2+json',
  schema1: 'application/vnd.docker.distribution.manifest.v1+json',
  schema1Signed: 'application/vnd.docker.distribution.manifest.v1+prettyjws',
} as const;

/** Every manifest kind we can show, best first; one line, since some registries read only the first `Accept`. */
export const MANIFEST_ACCEPT = [
  MEDIA_TYPES.ociIndex,
  MEDIA_TYPES.ociManifest,
  MEDIA_TYPES.dockerList,
  MEDIA_TYPES.dockerManifest,
  MEDIA_TYPES.ociArtifact,
  MEDIA_TYPES.schema1Signed,
  MEDIA_TYPES.schema1,
].join(', ');

/** Types that say nothing about what kind of manifest it is; CDNs and static registries send them. */
const MEANINGLESS: ReadonlySet<string> = new Set([
  'text/plain',
  'text/html',
  'application/json',
  'application/octet-stream',
  'binary/octet-stream',
]);

/** True when a Content-Type says nothing about the kind of manifest, so that the body must. */
export function isMeaningless(mediaType: string | undefined): boolean {
  return mediaType === undefined || MEANINGLESS.has(mediaType) || !mediaType.includes('/');
}

/**
 * The media type a manifest claims or has the shape of; `application/json` when it is neither.
 * Spec: OCI image 1.1, "Media Types"; the order of guesses is containers/image's.
 */
export function sniffMediaType(manifest: unknown): string {
  if (!isObject(manifest)) return 'application/json';
  const { mediaType } = manifest;
  if (typeof mediaType === 'string' && mediaType !== '') return mediaType.toLowerCase().slice(0, 255);
  if (manifest['schemaVersion'] === 1) {
    return Array.isArray(manifest['signatures']) ? MEDIA_TYPES.schema1Signed : MEDIA_TYPES.schema1;
  }
  if (Array.isArray(manifest['manifests'])) return MEDIA_TYPES.ociIndex;
  const { config } = manifest;
  if (!isObject(config)) return 'application/json';
  return config['mediaType'] === 'application/vnd.docker.container.image.v1+json'
    ? MEDIA_TYPES.dockerManifest
    : MEDIA_TYPES.ociManifest;
}
