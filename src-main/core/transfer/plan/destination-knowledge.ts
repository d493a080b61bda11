import type { Descriptor } from '#shared/oci/descriptor.ts';
import { type Digest, isDigest } from '#shared/oci/digest.ts';
import type { NodeBlob } from '../content/manifest-node.ts';
import type { ContentDestination, ContentSource } from '../ends.ts';
import type { PlanBlob, PlanBlobState } from './plan-types.ts';

/** Bytes of blobs that nobody before has counted. */
export type BlobBytes = { total: number; toSend: number; present: number; mountable: number };

/** What is known of one destination while a plan is made: each question is asked once, whoever needs the answer. */
export type DestinationKnowledge = {
  readonly destination: ContentDestination;
  readonly blobs: ReadonlyMap<Digest, PlanBlob>;
  headManifest(reference: string): Promise<Digest | undefined>;
  /** Begins to read what tags there are, where that will be asked. Never rejects. */
  readTags(): Promise<void>;
  /** Notes that these blobs are needed here, looks whether they are there, and counts those that are new to the plan. */
  needBlobs(source: ContentSource, needs: readonly NeededBlob[]): Promise<BlobBytes>;
};

export type NeededBlob = Pick<NodeBlob, 'descriptor'> & {
  readonly role: PlanBlob['role'];
  /** The manifest that names it is there already, and so is it. */
  readonly isThere: boolean;
};

/** Which blobs this plan brings to a registry, into whichever repository: from the second on they can be mounted. */
export type RegistryKnowledge = { readonly coming: Set<Digest> };

/**
 * Questions are asked under `signal`, the plan's own, since rows share their answers. `isForWhole`: a whole repository
 * comes here, so its list of tags is read, and only what stands in that is looked at.
 */
export function createDestinationKnowledge(
  destination: ContentDestination,
  registry: RegistryKnowledge,
  { signal, isForWhole }: { readonly signal: AbortSignal; readonly isForWhole: boolean },
): DestinationKnowledge {
  const manifests = new Map<string, Promise<Digest | undefined>>();
  const states = new Map<Digest, Promise<PlanBlobState>>();
  const blobs = new Map<Digest, PlanBlob>();

  const look = async (source: ContentSource, descriptor: Descriptor, isThere: boolean): Promise<PlanBlobState> => {
    if (isThere || isSamePlace(source, destination)) return 'present';
    if (await destination.hasBlob(descriptor, { signal })) return 'present';
    const { place } = destination;
    const isOfSameRegistry = place !== undefined && source.place?.registryKey === place.registryKey;
    const isMountable = isOfSameRegistry || (place !== undefined && registry.coming.has(descriptor.digest));
    registry.coming.add(descriptor.digest);
    return isMountable ? 'mountable' : 'absent';
  };

  let tags: Promise<ReadonlySet<string> | undefined> | undefined;
  const listed = (): Promise<ReadonlySet<string> | undefined> => {
    tags ??= (isForWhole ? destination.tags?.({ signal }) : undefined) ?? Promise.resolve(undefined);
    tags.catch(() => (tags = undefined));
    return tags;
  };
  const lookAt = async (reference: string): Promise<Digest | undefined> => {
    const isAbsent = !isDigest(reference) && (await listed())?.has(reference) === false;
    return isAbsent ? undefined : destination.headManifest(reference, { signal });
  };

  return {
    destination,
    blobs,
    headManifest: (reference) => {
      const known = manifests.get(reference) ?? lookAt(reference);
      known.catch(() => manifests.delete(reference));
      manifests.set(reference, known);
      return known;
    },
    readTags: async () => {
      await Promise.allSettled([listed()]);
    },
    needBlobs: async (source, needs) => {
      const bytes: BlobBytes = { total: 0, toSend: 0, present: 0, mountable: 0 };
      const look1 = async ({ descriptor, role, isThere }: NeededBlob): Promise<void> => {
        const { digest, sizeBytes, mediaType } = descriptor;
        const known = states.get(digest) ?? look(source, descriptor, isThere);
        states.set(digest, known);
        known.catch(() => states.delete(digest));
        const state = await known;
        if (blobs.has(digest)) return;
        blobs.set(digest, { digest, sizeBytes, mediaType, role, state });
        bytes.total += sizeBytes;
        if (state === 'present') bytes.present += sizeBytes;
        else if (state === 'mountable') bytes.mountable += sizeBytes;
        else bytes.toSend += sizeBytes;
      };
      await Promise.all(needs.map(look1));
      return bytes;
    },
  };
}

/** The source's own repository: all that its manifests name is there. */
export function isSamePlace({ place: from }: ContentSource, { place: to }: ContentDestination): boolean {
  return from !== undefined && from.registryKey === to?.registryKey && from.repository === to.repository;
}
