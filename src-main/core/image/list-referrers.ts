import pLimit from 'p-limit';
import type { Descriptor } from '#shared/oci/descriptor.ts';
import type { Digest } from '#shared/oci/digest.ts';
import { OciError } from '#shared/oci/oci-error.ts';
import type { ReferrerPage } from '../registry/registry-client.ts';
import { isRegistryError } from '../registry/transport/registry-error.ts';
import { findCosignTags } from './cosign-tags.ts';
import { type ReadContext, signalOf } from './read-config.ts';
import { readManifest } from './resolve-image.ts';

export type ListReferrersInput = ReadContext & {
  readonly digest: Digest;
  readonly artifactType?: string | undefined;
  readonly cursor?: string | undefined;
};

/** Manifests that are read to see whom they name as their subject. */
const MAX_CHECKED = 32;
const CONCURRENCY = 6;

/**
 * One page of what refers to a manifest, for a person: the registry's list, and with its first page what cosign keeps
 * under tags of its own. A list that clients keep under a tag is checked against the manifests themselves, its first 32
 * entries: those that name another subject are dropped with a warning (SECURITY-CASES F02). A list of the registry's
 * own API is not, since it is made from the subjects and each manifest read may count as a pull.
 * @throws {RegistryError} as `listReferrers`
 */
export async function listReferrers(input: ListReferrersInput): Promise<ReferrerPage> {
  const { client, repository, digest, artifactType, cursor } = input;
  const isWhole = cursor === undefined && artifactType === undefined;
  const [page, cosign] = await Promise.all([
    client.listReferrers({
      repository,
      digest,
      ...(artifactType === undefined ? {} : { artifactType }),
      ...(cursor === undefined ? {} : { cursor }),
      ...signalOf(input),
    }),
    isWhole ? findCosignTags(input, digest) : [],
  ]);
  const checked = page.source === 'tag' ? await dropStrangers(input, page) : page;
  const listed = new Set(checked.referrers.map((each) => each.digest));
  const found = cosign.filter((each) => !listed.has(each.digest));
  return { ...checked, referrers: [...checked.referrers, ...found] };
}

async function dropStrangers(input: ListReferrersInput, page: ReferrerPage): Promise<ReferrerPage> {
  const limit = pLimit(CONCURRENCY);
  const checks = page.referrers.map((each, index) =>
    index < MAX_CHECKED ? limit(() => namesOther(input, each)) : Promise.resolve(false),
  );
  const isStranger = await Promise.all(checks);
  const count = isStranger.filter(Boolean).length;
  if (count === 0) return page;
  const text = `${count} of the listed referrers name another manifest as their subject, or none, and are left out.`;
  return {
    ...page,
    referrers: page.referrers.filter((_each, index) => isStranger[index] !== true),
    droppedCount: page.droppedCount + count,
    warnings: [...page.warnings, { source: 'gantry', text }],
  };
}

/** False also for one that cannot be read: that is told when somebody opens it. */
async function namesOther(input: ListReferrersInput, referrer: Descriptor): Promise<boolean> {
  try {
    const { manifest } = await readManifest(input, referrer.digest);
    return manifest.subject?.digest !== input.digest;
  } catch (error) {
    input.signal?.throwIfAborted();
    if (error instanceof OciError || isRegistryError(error)) return false;
    throw error;
  }
}
