import type { Digest } from '#shared/oci/digest.ts';
import { GantryError } from '../../gantry-error.ts';
import type { ManifestBytes, Referrer } from '../ends.ts';
import type { GraphBudget } from './bounds.ts';
import type { ManifestNode } from './manifest-node.ts';
import { type Graph, type LoadManifest, walkGraph } from './walk-graph.ts';

/** Signatures of SBOMs of images: deeper chains are nobody's, or a trap (SECURITY-CASES F01). */
const MAX_DEPTH = 4;

/** Something that refers to what is copied, whole; `tag` when it is found by that only. */
export type FoundReferrer = { readonly graph: Graph; readonly tag?: string };

type Options = {
  readonly list: (digest: Digest, signal: AbortSignal) => Promise<readonly Referrer[]>;
  readonly load: LoadManifest;
  readonly budget: GraphBudget;
  readonly signal: AbortSignal;
};

/**
 * What refers to these manifests, and what refers to that in turn; each once, those referred to before those that
 * refer. A listed manifest that names another subject, or none, is not one of theirs and left out (F02), as is one that
 * is not there any more: a list under a fallback tag outlives what it lists.
 * @throws {TransferError} `too-many` @throws what `list`, `load` and `walkGraph` do
 */
export async function findReferrers(subjects: readonly Digest[], options: Options): Promise<readonly FoundReferrer[]> {
  const seen = new Set<string>(subjects);
  const found: FoundReferrer[] = [];
  let level = subjects;
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth += 1) {
    const perSubject = await Promise.all(level.map((digest) => referrersOf(digest, options)));
    const fresh = perSubject.flat().filter(({ graph: { root }, tag = '' }) => {
      const key = `${root.manifest.digest} ${tag}`;
      const isNew = !seen.has(key) && !seen.has(root.manifest.digest);
      seen.add(key);
      return isNew;
    });
    found.push(...fresh);
    level = fresh.map(({ graph }) => graph.root.manifest.digest);
    for (const digest of level) seen.add(digest);
  }
  return found;
}

/** The manifests of a graph that something may refer to: images and indexes, not what accompanies them. */
export function possibleSubjects({ nodes }: Graph): readonly Digest[] {
  return nodes.filter(({ kind }) => kind === 'image' || kind === 'index').map(({ manifest }) => manifest.digest);
}

async function referrersOf(digest: Digest, options: Options): Promise<readonly FoundReferrer[]> {
  const listed = await options.list(digest, options.signal);
  const found = await Promise.all(
    listed.map(async ({ descriptor, tag }): Promise<FoundReferrer | undefined> => {
      const manifest = await loadIfThere(descriptor.digest, options);
      if (manifest === undefined) return undefined;
      const graph = await walkGraph(manifest, options);
      if (tag !== undefined) return { graph, tag };
      return namesSubject(graph.root, digest) ? { graph } : undefined;
    }),
  );
  return found.flatMap((each) => each ?? []);
}

async function loadIfThere(digest: Digest, { load, signal }: Options): Promise<ManifestBytes | undefined> {
  try {
    return await load(digest, signal);
  } catch (error) {
    if (error instanceof GantryError && error.kind === 'not-found') return undefined;
    throw error;
  }
}

function namesSubject({ subject }: ManifestNode, digest: Digest): boolean {
  return subject === digest;
}
