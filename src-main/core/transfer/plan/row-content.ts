import type { Digest } from '#shared/oci/digest.ts';
import { formatPlatform } from '#shared/oci/platform.ts';
import { isAttestation } from '#shared/oci/attestation.ts';
import { OciError } from '#shared/oci/oci-error.ts';
import { createGraphBudget, DEFAULT_BOUNDS } from '../content/bounds.ts';
import { findReferrers, type FoundReferrer, possibleSubjects } from '../content/find-referrers.ts';
import { type ManifestNode, type NodeBlob, UNKNOWN_SIZE } from '../content/manifest-node.ts';
import { cutToPlatforms } from '../content/platform-subset.ts';
import { type Graph, walkGraph } from '../content/walk-graph.ts';
import type { ContentSource, ManifestBytes } from '../ends.ts';
import type { ManifestShelf } from './manifest-shelf.ts';
import type { PlanOptions } from './plan-types.ts';

/** All that one row brings, read from the source. */
export type RowContent = {
  readonly graph: Graph;
  readonly referrers: readonly FoundReferrer[];
};

type Options = {
  readonly source: ContentSource;
  readonly shelf: ManifestShelf;
  readonly options: Pick<PlanOptions, 'platforms' | 'referrers' | 'foreignLayers'>;
  readonly signal: AbortSignal;
};

/** The manifest that the destination will hold: the source's own, or an index cut to the wanted platforms. */
export async function resultManifest(root: ManifestBytes, given: Options): Promise<ManifestBytes> {
  const { platforms } = given.options;
  if (platforms.length === 0) return root;
  return given.shelf.keep(await cutToPlatforms(root, { ...reading(given), platforms }));
}

/**
 * What hangs on the manifest that will be written. A cut index is a manifest that nobody has signed: what refers to the
 * one it came from stays behind, what refers to its children comes along.
 */
export async function readContent(root: ManifestBytes, sourceDigest: Digest, given: Options): Promise<RowContent> {
  const graph = await walkGraph(root, reading(given));
  const subjects = possibleSubjects(graph).filter((digest) => digest !== root.digest || root.digest === sourceDigest);
  const isArtifact = graph.root.kind === 'artifact';
  const all = isArtifact && !subjects.includes(root.digest) ? [...subjects, root.digest] : subjects;
  return { graph, referrers: await readReferrers(all, given) };
}

/** What refers to these, when it is wanted. */
export async function readReferrers(subjects: readonly Digest[], given: Options): Promise<readonly FoundReferrer[]> {
  if (!given.options.referrers) return [];
  const list = (digest: Digest, signal: AbortSignal) => given.source.listReferrers(digest, { signal });
  return findReferrers(subjects, { ...reading(given), list });
}

/** Those to be copied, with their sizes; and how many foreign layers are left out. */
export async function blobsToCopy(
  blobs: readonly NodeBlob[],
  { source, options, signal }: Options,
): Promise<{ readonly blobs: readonly NodeBlob[]; readonly foreignLayerCount: number }> {
  const wanted = blobs.filter(({ isForeign }) => !isForeign || options.foreignLayers === 'include');
  const sized = await Promise.all(wanted.map((blob) => withSize(blob, source, signal)));
  return { blobs: sized, foreignLayerCount: blobs.length - wanted.length };
}

/** `linux/arm64/v8` for each entry that is an image; nothing for what is no index. */
export function platformsOf({ children }: ManifestNode): readonly string[] {
  return children.flatMap((child) => {
    const text = child.platform === undefined || isAttestation(child) ? '' : formatPlatform(child.platform);
    return text === '' || text === 'unknown/unknown' ? [] : [text];
  });
}

async function withSize(blob: NodeBlob, source: ContentSource, signal: AbortSignal): Promise<NodeBlob> {
  const { descriptor } = blob;
  if (descriptor.sizeBytes !== UNKNOWN_SIZE) return blob;
  if (source.blobSize === undefined)
    throw new OciError('bad-size', 'a layer whose size nobody tells', descriptor.digest);
  return { ...blob, descriptor: { ...descriptor, sizeBytes: await source.blobSize(descriptor.digest, { signal }) } };
}

function reading({ source, shelf, signal }: Options) {
  return {
    load: (digest: Digest, signal: AbortSignal) => shelf.load(source, digest, signal),
    budget: createGraphBudget(DEFAULT_BOUNDS),
    signal,
  };
}
