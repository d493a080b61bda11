import type { Descriptor } from './descriptor.ts';
import { manifestKind } from './media-type.ts';
import { formatPlatform } from './platform.ts';

/** What an entry of an index is for. */
export type ChildRole = 'platform' | 'index' | 'attestation' | 'artifact' | 'unknown';

/** An entry of an index, with the attestations that refer to it taken out of the list and put under it. */
export type IndexChild = {
  readonly descriptor: Descriptor;
  readonly role: ChildRole;
  /** `linux/arm64/v8`; absent for other roles than `platform`, and when the index does not say. */
  readonly platformText?: string;
  readonly attestations: Descriptor[];
};

const REFERENCE_TYPE = 'vnd.docker.reference.type';
const REFERENCE_DIGEST = 'vnd.docker.reference.digest';

function annotation(descriptor: Descriptor, name: string): string | undefined {
  return descriptor.annotations.find(([key]) => key === name)?.[1];
}

function hasUnknownPlatform({ platform }: Descriptor): boolean {
  return platform !== undefined && platform.os === 'unknown' && platform.architecture === 'unknown';
}

/**
 * True for what buildx adds beside each image: `unknown/unknown`, marked by an annotation. An entry with a platform of
 * its own is never one, whatever its annotations say: an index could hide a runnable image that way.
 */
export function isAttestation(descriptor: Descriptor): boolean {
  const hasNoPlatform = descriptor.platform === undefined || hasUnknownPlatform(descriptor);
  return hasNoPlatform && annotation(descriptor, REFERENCE_TYPE) === 'attestation-manifest';
}

function roleOf(descriptor: Descriptor): ChildRole {
  if (isAttestation(descriptor)) return 'attestation';
  const kind = manifestKind(descriptor.mediaType);
  if (kind === 'index') return 'index';
  if (kind === 'artifact' || descriptor.artifactType !== undefined) return 'artifact';
  return kind === undefined || hasUnknownPlatform(descriptor) ? 'unknown' : 'platform';
}

function toChild(descriptor: Descriptor, attestations: Descriptor[]): IndexChild {
  const role = roleOf(descriptor);
  if (role !== 'platform' || descriptor.platform === undefined) return { descriptor, role, attestations };
  return { descriptor, role, platformText: formatPlatform(descriptor.platform), attestations };
}

/**
 * The entries of an index, in its order, each with its attestations. An attestation stays in the list, as
 * `attestation`, only when what it refers to is not in this index.
 */
export function foldAttestations(manifests: readonly Descriptor[]): IndexChild[] {
  const attestationsOf = new Map<string, Descriptor[]>();
  for (const descriptor of manifests) {
    if (!isAttestation(descriptor)) attestationsOf.set(descriptor.digest, []);
  }
  const kept = manifests.filter((descriptor) => {
    const subject = isAttestation(descriptor) ? annotation(descriptor, REFERENCE_DIGEST) : undefined;
    const siblings = subject === undefined ? undefined : attestationsOf.get(subject);
    siblings?.push(descriptor);
    return siblings === undefined;
  });
  return kept.map((descriptor) =>
    toChild(descriptor, isAttestation(descriptor) ? [] : (attestationsOf.get(descriptor.digest) ?? [])),
  );
}
