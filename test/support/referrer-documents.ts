import type { Digest } from '#shared/oci/digest.ts';
import { MEDIA_TYPE } from '#shared/oci/media-type.ts';
import type { ReferrerPage } from '#main/core/registry/registry-client.ts';
import type { Engine } from './engine.ts';
import { json, type Reply } from './fake-registry.ts';
import { buildImage, type Built, type BuiltImage } from './oci-builder.ts';

/** One image, two manifests that refer to it, and where a fake registry answers for them. */
export const REPOSITORY = 'acme/web';
export const SIGNATURE = 'application/vnd.example.signature';
export const SBOM = 'application/vnd.example.sbom';

export const image = buildImage();
export const subject = image.descriptor.digest as Digest;
export const TAG = subject.replace(':', '-');
export const API = `/v2/${REPOSITORY}/referrers/${subject}`;
export const MANIFESTS = `/v2/${REPOSITORY}/manifests`;

export function referrer(name: string, artifactType = SIGNATURE, of: BuiltImage = image): BuiltImage {
  const { annotations: _annotations, ...descriptor } = { ...of.descriptor, annotations: undefined };
  return buildImage({
    manifest: { artifactType, subject: descriptor, annotations: { name } },
    descriptor: { artifactType, annotations: { name } },
  });
}

export const first = referrer('first');
export const second = referrer('second', SBOM);
export const index = (manifests: readonly unknown[], headers: Readonly<Record<string, string>> = {}): Reply =>
  json(
    { schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests },
    { 'content-type': MEDIA_TYPE.ociIndex, ...headers },
  );
export const served = (built: Built): Reply => ({
  headers: { 'content-type': built.descriptor.mediaType, 'docker-content-digest': built.descriptor.digest },
  body: Buffer.from(built.bytes),
});
export const code = (status: number, name: string): Reply =>
  json({ errors: [{ code: name, message: name }] }, {}, status);
export const list = (engine: Engine, more: { artifactType?: string; cursor?: string; repository?: string } = {}) =>
  engine.client.listReferrers({ repository: REPOSITORY, digest: subject, ...more });
export const digests = (page: ReferrerPage) => page.referrers.map((each) => each.digest);
