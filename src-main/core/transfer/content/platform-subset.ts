import { foldAttestations, type IndexChild } from '#shared/oci/attestation.ts';
import type { Descriptor } from '#shared/oci/descriptor.ts';
import { type Digest, digestAlgorithm } from '#shared/oci/digest.ts';
import { asObject, type JsonObject, listOf } from '#shared/oci/json-fields.ts';
import { parseJson } from '#shared/oci/json.ts';
import { manifestKind } from '#shared/oci/media-type.ts';
import { MAX_DESCRIPTORS } from '#shared/oci/parse-descriptor.ts';
import { normalisePlatform, parsePlatform, type Platform } from '#shared/oci/platform.ts';
import { digestOf } from '../../content-digest.ts';
import type { ManifestBytes } from '../ends.ts';
import { TransferError } from '../transfer-error.ts';
import type { GraphBudget } from './bounds.ts';
import { type ManifestNode, readNode } from './manifest-node.ts';
import type { LoadManifest } from './walk-graph.ts';

/** What an entry of an index is for that does not say, as everywhere in Gantry. */
const UNSTATED: Platform = { os: 'linux', architecture: 'amd64', osFeatures: [], features: [] };

type Options = {
  /** `linux/arm64/v8`, as read in an index. */
  readonly platforms: readonly string[];
  readonly load: LoadManifest;
  readonly budget: GraphBudget;
  readonly signal: AbortSignal;
};

/**
 * An index with only the entries of some platforms, their attestations, and what is of no platform at all (artifacts).
 * Order, annotations and every other field stay; indexes inside are cut likewise. What changes is written anew, as JSON
 * without white space, so that the same choice always has the same digest. The manifest itself when nothing is left out
 * or it is no index.
 * @throws {TransferError} `no-platform` when nothing is left, `too-deep`
 * @throws {OciError} kind `platform-syntax`
 */
export async function cutToPlatforms(root: ManifestBytes, options: Options): Promise<ManifestBytes> {
  const wanted = options.platforms.map((text) => normalisePlatform(parsePlatform(text)));
  const cut = await cutIndex(root, wanted, 0, options);
  if (cut === undefined) throw new TransferError('no-platform', options.platforms.join(', '));
  return cut;
}

/** Undefined when no platform of it is wanted. */
async function cutIndex(
  manifest: ManifestBytes,
  wanted: readonly Platform[],
  depth: number,
  options: Options,
): Promise<ManifestBytes | undefined> {
  const node = readNode(manifest);
  if (node.kind !== 'index') return manifest;
  if (depth > options.budget.depth) throw new TransferError('too-deep', manifest.digest);
  const kept = new Map<Digest, ManifestBytes | undefined>();
  let hasPlatform = false;
  for (const child of foldAttestations(node.children)) {
    const { descriptor, role } = child;
    if (role === 'index') {
      const inner = await cutIndex(await options.load(descriptor.digest, options.signal), wanted, depth + 1, options);
      if (inner === undefined) continue;
      hasPlatform = true;
      kept.set(descriptor.digest, inner.digest === descriptor.digest ? undefined : inner);
    } else if (isKept(child, wanted)) {
      hasPlatform ||= role === 'platform';
      for (const each of [descriptor, ...child.attestations]) kept.set(each.digest, undefined);
    }
  }
  return hasPlatform ? rewrite(node, kept) : undefined;
}

function isKept({ descriptor, role }: IndexChild, wanted: readonly Platform[]): boolean {
  if (role === 'artifact') return true;
  // An attestation here refers to nothing in this index; `unknown/unknown` is no platform anybody asks for.
  if (role === 'attestation') return false;
  const isManifest = manifestKind(descriptor.mediaType) !== undefined;
  if (role === 'unknown' && (descriptor.platform === undefined || !isManifest))
    return descriptor.platform === undefined;
  return wanted.some((each) => isSamePlatform(descriptor, each));
}

function isSamePlatform({ platform = UNSTATED }: Descriptor, wanted: Platform): boolean {
  const { os, architecture, variant, osVersion } = normalisePlatform(platform);
  const isSameKind = os === wanted.os && architecture === wanted.architecture && variant === wanted.variant;
  return isSameKind && (wanted.osVersion === undefined || wanted.osVersion === osVersion);
}

/** The raw entries stay as they came, key by key; only a cut index inside gets its new digest and size. */
function rewrite(node: ManifestNode, kept: ReadonlyMap<Digest, ManifestBytes | undefined>): ManifestBytes {
  const { manifest, children } = node;
  const isWhole = children.every(({ digest }) => kept.has(digest) && kept.get(digest) === undefined);
  if (isWhole) return manifest;
  const root = asObject(parseJson(manifest.bytes), 'manifest');
  const entries = listOf(root, 'manifests', 'manifest', MAX_DESCRIPTORS);
  const manifests = children.flatMap(({ digest }, index) => {
    if (!kept.has(digest)) return [];
    const entry = asObject(entries[index], `manifests[${index}]`);
    const inner = kept.get(digest);
    return [inner === undefined ? entry : pointingTo(entry, inner)];
  });
  const bytes = Buffer.from(JSON.stringify(withField(root, 'manifests', manifests)));
  return { bytes, digest: digestOf(bytes, digestAlgorithm(manifest.digest)), mediaType: manifest.mediaType };
}

/** What it carried inline was the index as it was. */
function pointingTo(entry: JsonObject, { digest, bytes }: ManifestBytes): JsonObject {
  const { data: _data, ...rest } = withField(withField(entry, 'digest', digest), 'size', bytes.length);
  return rest;
}

/** In its old place. Built by entries, since a field may be called `__proto__` (M08). */
function withField(object: JsonObject, name: string, value: unknown): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, old]) => [key, key === name ? value : old]));
}
