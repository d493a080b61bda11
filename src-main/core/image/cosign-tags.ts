import type { Descriptor } from '#shared/oci/descriptor.ts';
import { type Digest, digestAlgorithm } from '#shared/oci/digest.ts';
import { MEDIA_TYPE } from '#shared/oci/media-type.ts';
import { isRegistryError } from '../registry/transport/registry-error.ts';
import { type ReadContext, signalOf } from './read-config.ts';

/** What cosign keeps under `sha256-….sig`, `.att` and `.sbom`, with the types it gives the same as real referrers. */
const KINDS = [
  { suffix: 'sig', artifactType: 'application/vnd.dev.cosign.artifact.sig.v1+json' },
  { suffix: 'att', artifactType: 'application/vnd.dev.cosign.artifact.att.v1+json' },
  { suffix: 'sbom', artifactType: 'application/vnd.dev.cosign.artifact.sbom.v1+json' },
] as const;

/** The standard annotation for the tag that something in an index is known by. Spec: OCI image 1.1, annotations.md. */
const REF_NAME = 'org.opencontainers.image.ref.name';

/** The tags that cosign would keep something about a manifest under. */
export function cosignTagsOf(subject: Digest): readonly string[] {
  if (digestAlgorithm(subject) !== 'sha256') return [];
  return KINDS.map((kind) => cosignTag(subject, kind));
}

function cosignTag(subject: Digest, { suffix }: (typeof KINDS)[number]): string {
  return `${subject.replace(':', '-')}.${suffix}`;
}

/**
 * Signatures, attestations and SBOMs that cosign keeps under tags made from the image's digest, as though they were
 * referrers; their tag is in `org.opencontainers.image.ref.name`. Three HEADs; what is not there, or whose digest the
 * registry does not tell, is left out, and a failure costs these rows only.
 */
export async function findCosignTags(context: ReadContext, subject: Digest): Promise<readonly Descriptor[]> {
  if (digestAlgorithm(subject) !== 'sha256') return [];
  const found = await Promise.all(KINDS.map((kind) => findOne(context, subject, kind)));
  return found.flatMap((descriptor) => descriptor ?? []);
}

async function findOne(
  context: ReadContext,
  subject: Digest,
  kind: (typeof KINDS)[number],
): Promise<Descriptor | undefined> {
  const tag = cosignTag(subject, kind);
  const { client, repository } = context;
  try {
    const head = await client.headManifest({ repository, reference: tag, ...signalOf(context) });
    if (head.digest === undefined || head.digest === subject) return undefined;
    return {
      mediaType: head.mediaType ?? MEDIA_TYPE.ociManifest,
      digest: head.digest,
      sizeBytes: head.sizeBytes ?? 0,
      artifactType: kind.artifactType,
      annotations: [[REF_NAME, tag]],
      urls: [],
    };
  } catch (error) {
    context.signal?.throwIfAborted();
    if (isRegistryError(error)) return undefined;
    throw error;
  }
}
