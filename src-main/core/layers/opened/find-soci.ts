import type { Descriptor, Pairs } from '#shared/oci/descriptor.ts';
import { type Digest, isDigest } from '#shared/oci/digest.ts';
import { OciError } from '#shared/oci/oci-error.ts';
import { GantryError } from '../../gantry-error.ts';
import { listReferrers } from '../../image/list-referrers.ts';
import { readManifest } from '../../image/resolve-image.ts';
import type { RegistryClient } from '../../registry/registry-client.ts';
import { createMemo } from '../browse/memo.ts';
import { MAX_TOC_BYTES } from '../limits.ts';
import type { PublishedToc } from '../published/find-published.ts';

type Image = { readonly repository: string; readonly digest: Digest; readonly annotations: Pairs };

/** Tables by the digest of their layer. */
type Tables = ReadonlyMap<string, PublishedToc>;

export type SociTables = (layer: Descriptor, signal: AbortSignal) => Promise<PublishedToc | undefined>;

const V1 = 'application/vnd.amazon.soci.index.v1+json';
const V2 = 'application/vnd.amazon.soci.index.v2+json';
const INDEX_DIGEST = 'com.amazon.soci.index-digest';
const LAYER_DIGEST = 'com.amazon.soci.image-layer-digest';
const TABLE_TYPE = 'application/octet-stream';
/** Of several indexes for one image the first is as good as any. */
const MAX_TRIED = 3;
/** It is to spare a download; a registry that is slow to say whether it can is better read from. */
const FIND_MS = 5000;
const NO_TABLES: Tables = new Map();

/**
 * Looks once for the SOCI index of an image: the one that its manifest names (version 2), else one that refers to it
 * (version 1), which anybody who may push could have put there. Not to find one is no failure, whatever the reason.
 * Spec: SOCI index manifest, versions 1 and 2. The signal's reason is all that is thrown.
 */
export function createSociTables(clientOf: () => Promise<RegistryClient>, image: Image): SociTables {
  const memo = createMemo<Tables>(1);
  return async (layer, signal) => {
    const tables = await memo.get('', (signal) => find(clientOf, image, signal), signal);
    const table = tables.get(layer.digest);
    // A table that is no smaller than its layer spares nothing.
    return table?.format === 'soci' && table.descriptor.sizeBytes < layer.sizeBytes ? table : undefined;
  };
}

async function find(clientOf: () => Promise<RegistryClient>, image: Image, signal: AbortSignal): Promise<Tables> {
  const either = AbortSignal.any([signal, AbortSignal.timeout(FIND_MS)]);
  try {
    const client = await clientOf();
    const named = new Map(image.annotations).get(INDEX_DIGEST);
    if (named !== undefined && isDigest(named))
      return await readIndex(client, image, { digest: named, signal: either });
    return await findReferrer(client, image, either);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof GantryError || error instanceof OciError || either.aborted) return NO_TABLES;
    throw error;
  }
}

async function findReferrer(client: RegistryClient, image: Image, signal: AbortSignal): Promise<Tables> {
  const { repository, digest } = image;
  const { referrers } = await listReferrers({ client, repository, digest, artifactType: V1, signal });
  const candidates = referrers.filter(({ artifactType }) => artifactType === V1).slice(0, MAX_TRIED);
  for (const candidate of candidates) {
    const tables = await readIndex(client, image, { digest: candidate.digest, subject: digest, signal });
    if (tables.size > 0) return tables;
  }
  return NO_TABLES;
}

type Wanted = { readonly digest: Digest; readonly subject?: Digest; readonly signal: AbortSignal };

/** Nothing of one that is about another image. */
async function readIndex(
  client: RegistryClient,
  { repository }: Image,
  { digest, subject, signal }: Wanted,
): Promise<Tables> {
  const { manifest } = await readManifest({ client, repository, signal }, digest);
  const isVouched = subject === undefined;
  const isIndex = manifest.kind === 'artifact' && manifest.artifactType === (isVouched ? V2 : V1);
  if (!isIndex || (!isVouched && manifest.subject?.digest !== subject)) return NO_TABLES;
  const tables = new Map<string, PublishedToc>();
  for (const descriptor of manifest.blobs) {
    const layer = new Map(descriptor.annotations).get(LAYER_DIGEST);
    const isTable = descriptor.mediaType === TABLE_TYPE && descriptor.sizeBytes <= MAX_TOC_BYTES;
    if (layer === undefined || !isTable || tables.has(layer)) continue;
    tables.set(layer, { format: 'soci', digest: descriptor.digest, descriptor, isVouched });
  }
  return tables;
}
