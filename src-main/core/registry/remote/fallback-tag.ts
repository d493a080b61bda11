import type { Digest } from '#shared/oci/digest.ts';
import { MEDIA_TYPE } from '#shared/oci/media-type.ts';
import type { FetchedManifest, ReferrerPage, RegistryWarning } from '../registry-client.ts';
import { parseJson } from '../transport/json.ts';
import { isRegistryError, type RequestTrace } from '../transport/registry-error.ts';
import type { RemoteContext } from './context.ts';
import { getManifest } from './manifests.ts';
import { isReferrerIndex, readReferrers } from './referrer-list.ts';

type Call = {
  readonly repository: string;
  readonly digest: Digest;
  readonly artifactType?: string;
  readonly signal?: AbortSignal;
};

/** A tag has 128 characters at most, and the schema cuts the hex at 64. Spec: OCI Distribution 1.1, "Referrers Tag Schema". */
export function fallbackTagOf(digest: Digest): string {
  const [algorithm = '', hex = ''] = digest.split(':');
  return `${algorithm}-${hex.slice(0, 64)}`;
}

/**
 * The referrers kept under the tag `sha256-…` by clients, where the registry has no API for them. Gitlab resolves that
 * tag to the digest itself, and would give the image's own children (oras-go#1396): only another OCI index counts.
 * Spec: OCI Distribution 1.1, "Referrers Tag Schema"; SECURITY-CASES F02.
 */
export async function readFallbackTag(context: RemoteContext, call: Call): Promise<ReferrerPage> {
  const tag = fallbackTagOf(call.digest);
  const manifest = await fetchTag(context, call, tag);
  if (manifest === undefined || manifest.digest === call.digest) return nothing([]);
  const index = indexOf(manifest, { method: 'GET', url: tag, hop: 'registry' });
  if (index === undefined) {
    return nothing([{ source: 'gantry', text: `The tag ${tag} is no OCI index, so no referrers are read from it.` }]);
  }
  const { items, droppedCount, isCut } = readReferrers(index, call.artifactType);
  const referrers = [...new Map(items.map((each) => [each.digest, each])).values()];
  return {
    referrers: referrers.filter((each) => each.digest !== call.digest),
    source: 'tag',
    droppedCount,
    warnings: [...manifest.warnings, ...(isCut === true ? [TOO_MANY] : [])],
  };
}

const TOO_MANY: RegistryWarning = {
  source: 'gantry',
  text: 'The list of referrers is longer than is read; only a part of it is shown.',
};

/** Undefined when there is no such tag, which is how most images are. */
async function fetchTag(context: RemoteContext, call: Call, tag: string): Promise<FetchedManifest | undefined> {
  const { repository, signal } = call;
  try {
    return await getManifest(context, { repository, reference: tag, ...(signal === undefined ? {} : { signal }) });
  } catch (error) {
    if (isRegistryError(error, 'not-found') && !isUnknownRepository(error)) return undefined;
    throw error;
  }
}

function isUnknownRepository(error: unknown): boolean {
  return isRegistryError(error) && error.failure.kind === 'not-found' && error.failure.what === 'repository';
}

function indexOf(manifest: FetchedManifest, trace: RequestTrace) {
  if (manifest.mediaType !== MEDIA_TYPE.ociIndex) return undefined;
  const body = parseJson(manifest.bytes, trace);
  return isReferrerIndex(body) ? body : undefined;
}

function nothing(warnings: readonly RegistryWarning[]): ReferrerPage {
  return { referrers: [], source: 'none', droppedCount: 0, warnings };
}
