import { type Digest, isDigest } from '#shared/oci/digest.ts';
import type { FoundReferrer } from '../content/find-referrers.ts';
import type { ManifestNode, NodeBlob } from '../content/manifest-node.ts';
import type { Graph } from '../content/walk-graph.ts';
import { isSamePlace, type NeededBlob } from './destination-knowledge.ts';
import type { Looked, RowContext, RowResult } from './row-context.ts';
import type { ManifestStep, RowRecipe } from './plan-types.ts';
import { blobsToCopy, type RowContent } from './row-content.ts';

type Digests = { readonly sourceDigest: Digest; readonly resultDigest: Digest };

/** What has to be written for a row, and how many bytes of it the destination has. */
export type RowWrites = Omit<RowResult, 'state' | 'recipe' | 'kind' | 'platforms' | keyof Digests> & {
  readonly node: ManifestNode;
  readonly recipe: RowRecipe;
};

/** Asks the destination for each manifest below the root and each blob; a manifest that is there has its blobs. */
export async function planWrites(
  looked: Looked,
  { graph, referrers, sourceDigest, resultDigest }: RowContent & Digests,
  context: RowContext,
): Promise<RowWrites> {
  const { source, knowledge, names, existing, row } = looked;
  const kept = await keepOthersTags(looked, referrers);
  const coming = referrers.filter(({ tag }) => tag === undefined || !kept.includes(tag));
  const graphs = [graph, ...coming.map((each) => each.graph)];
  const there = await findThere(looked, graphs, context);
  const image = await blobsToCopy(graph.blobs, { ...context, source });
  const attached = await blobsToCopy(
    coming.flatMap((each) => each.graph.blobs),
    { ...context, source },
  );
  const blobsThere = new Set(
    graphs.flatMap(({ nodes }) => nodes.filter((node) => there.has(node.manifest.digest)).flatMap(digestsOf)),
  );
  const need = ({ descriptor }: NodeBlob, role: NeededBlob['role']): NeededBlob => {
    return { descriptor, role, isThere: blobsThere.has(descriptor.digest) };
  };
  const needs: readonly NeededBlob[] = [
    ...image.blobs.map((blob) => need(blob, blob.role)),
    ...attached.blobs.map((blob) => need(blob, 'referrer')),
  ];
  const bytes = await knowledge.needBlobs(source, needs);
  const step = ({ manifest: { digest } }: ManifestNode): ManifestStep => ({ digest, isThere: there.has(digest) });
  return {
    node: graph.root,
    manifestCount: graphs.reduce((sum, { nodes }) => sum + nodes.length, 0),
    referrerCount: coming.length,
    bytesTotal: bytes.total,
    bytesToSend: bytes.toSend,
    bytesPresent: bytes.present,
    bytesMountable: bytes.mountable,
    foreignLayerCount: image.foreignLayerCount + attached.foreignLayerCount,
    recipe: {
      source: row.source,
      ...names,
      sourceDigest,
      ...(isDigest(row.reference) ? {} : { sourceTag: row.reference }),
      resultDigest,
      ...(existing === undefined ? {} : { expected: existing }),
      force: false,
      children: graph.nodes.slice(0, -1).map(step),
      referrers: coming.flatMap((each) => referrerSteps(each, step)),
      keptTags: kept,
      blobs: [
        ...new Set(needs.map(({ descriptor }) => knowledge.blobs.get(descriptor.digest)?.digest ?? descriptor.digest)),
      ],
    },
  };
}

/** cosign writes all signatures of an image under one tag: another one there holds what the source may not have. */
async function keepOthersTags({ knowledge }: Looked, referrers: readonly FoundReferrer[]): Promise<readonly string[]> {
  const tags = await Promise.all(
    referrers.map(async ({ graph, tag }) => {
      const there = tag === undefined ? undefined : await knowledge.headManifest(tag);
      return there === undefined || there === graph.root.manifest.digest ? undefined : tag;
    }),
  );
  return tags.flatMap((tag) => tag ?? []);
}

/** The manifests, but for the root, that the destination has already. */
async function findThere(
  { source, knowledge }: Looked,
  graphs: readonly Graph[],
  { signal }: RowContext,
): Promise<ReadonlySet<Digest>> {
  const root = graphs[0]?.root;
  const nodes = graphs.flatMap((graph) => graph.nodes).filter((node) => node !== root);
  const digests = [...new Set(nodes.map(({ manifest }) => manifest.digest))];
  if (isSamePlace(source, knowledge.destination)) return new Set(digests);
  const heads = await Promise.all(digests.map((digest) => knowledge.headManifest(digest)));
  signal.throwIfAborted();
  return new Set(digests.filter((digest, index) => heads[index] === digest));
}

function referrerSteps(
  { graph, tag }: FoundReferrer,
  step: (node: ManifestNode) => ManifestStep,
): readonly ManifestStep[] {
  return graph.nodes.map((node) => {
    const isRoot = node === graph.root;
    // What is there under its digest may still lack its tag.
    return isRoot && tag !== undefined ? { ...step(node), tag, isThere: false } : step(node);
  });
}

function digestsOf({ blobs }: ManifestNode): readonly Digest[] {
  return blobs.map(({ descriptor }) => descriptor.digest);
}
