import type { Descriptor } from '#shared/oci/descriptor.ts';
import type { Digest } from '#shared/oci/digest.ts';
import { manifestKind } from '#shared/oci/media-type.ts';
import { DigestMismatchError, GantryError } from '../../gantry-error.ts';
import type { ManifestBytes } from '../ends.ts';
import { TransferError } from '../transfer-error.ts';
import type { GraphBudget } from './bounds.ts';
import { type ManifestNode, type NodeBlob, readNode } from './manifest-node.ts';

/** A manifest with everything below it. */
export type Graph = {
  readonly root: ManifestNode;
  /** Each once, children before whoever names them: the order they are written in. The root is the last. */
  readonly nodes: readonly ManifestNode[];
  /** Each once, foreign layers too; also the entries of an index that turned out to be blobs. */
  readonly blobs: readonly NodeBlob[];
};

export type LoadManifest = (digest: Digest, signal: AbortSignal) => Promise<ManifestBytes>;

type Options = {
  readonly load: LoadManifest;
  readonly budget: GraphBudget;
  readonly signal: AbortSignal;
};

/**
 * Walks from a manifest to everything it names: indexes in indexes, artifacts, and entries of no known type, which are
 * tried as a manifest and then taken for a blob. Children are loaded at once; the first failure stops the rest.
 * @throws {TransferError} `cycle`, `too-deep`, `too-many` @throws {OciError} for a manifest that cannot be read
 * @throws what `load` does
 */
export async function walkGraph(root: ManifestBytes, options: Options): Promise<Graph> {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const walk = createWalk({ ...options, signal });
  try {
    const node = await walk.read(root, []);
    return { root: node, ...walk.result(node) };
  } finally {
    stop.abort();
  }
}

function createWalk({ load, budget, signal }: Options) {
  const nodes = new Map<Digest, Promise<ManifestNode>>();
  /** Read to the end, in the order that happened; children end before their parents. */
  const done = new Map<Digest, ManifestNode>();
  const blobs = new Map<Digest, NodeBlob>();

  const addBlobs = (found: readonly NodeBlob[]): void => {
    for (const each of found) {
      if (blobs.has(each.descriptor.digest)) continue;
      budget.spend({ blobs: 1 });
      blobs.set(each.descriptor.digest, each);
    }
  };

  const read = async (manifest: ManifestBytes, above: readonly Digest[]): Promise<ManifestNode> => {
    budget.spend({ manifests: 1, manifestBytes: manifest.bytes.length });
    const node = readNode(manifest);
    addBlobs(node.blobs);
    const path = [...above, manifest.digest];
    if (node.children.length > 0 && path.length > budget.depth) throw new TransferError('too-deep', manifest.digest);
    await Promise.all(node.children.map((child) => visit(child, path)));
    done.set(manifest.digest, node);
    return node;
  };

  const visit = async (child: Descriptor, path: readonly Digest[]): Promise<void> => {
    if (path.includes(child.digest)) throw new TransferError('cycle', child.digest);
    const known = nodes.get(child.digest) ?? start(child, path);
    if (known !== undefined) await known;
  };

  const start = (child: Descriptor, path: readonly Digest[]): Promise<ManifestNode | undefined> => {
    const isManifest = manifestKind(child.mediaType) !== undefined;
    const reading = (async () => read(await loadChecked(child.digest), path))();
    nodes.set(child.digest, reading);
    return isManifest ? reading : reading.catch((error: unknown) => takeForBlob(child, error));
  };

  /** Only what hashes to its digest cannot lead back to whoever names it. */
  const loadChecked = async (digest: Digest): Promise<ManifestBytes> => {
    const manifest = await load(digest, signal);
    if (manifest.digest !== digest) throw new DigestMismatchError(digest, manifest.digest);
    return manifest;
  };

  const takeForBlob = (child: Descriptor, error: unknown): undefined => {
    if (!isNoManifest(error)) throw error;
    nodes.delete(child.digest);
    addBlobs([{ descriptor: child, role: 'blob', isForeign: false }]);
  };

  return {
    read,
    result: (root: ManifestNode) => ({
      nodes: [...[...done.values()].filter((node) => node !== root), root],
      blobs: [...blobs.values()],
    }),
  };
}

/** Nothing is there under this digest that could be a manifest. */
function isNoManifest(error: unknown): boolean {
  return error instanceof GantryError && ['not-found', 'protocol', 'too-large', 'unsupported'].includes(error.kind);
}
