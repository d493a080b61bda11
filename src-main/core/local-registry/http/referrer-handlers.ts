import { MEDIA_TYPE } from '#shared/oci/media-type.ts';
import type { ReferrerDescriptor } from '../store/manifests.ts';
import { requireDigest } from './checks.ts';
import { type Exchange, sendJson } from './exchange.ts';
import type { Route } from './route.ts';

/** Clients refuse an index above 4 MiB, so a page ends well before. */
const PAGE_LIMIT_BYTES = 2 * 1024 * 1024;

/**
 * An empty list for a subject, or a repository, that is not there: 404 would mean that this registry has no referrers API.
 * Spec: OCI distribution 1.1, "Listing Referrers".
 */
export async function listReferrers(exchange: Exchange, { repository, argument }: Route): Promise<void> {
  const { query, store } = exchange;
  const subject = requireDigest(argument);
  const artifactType = query.get('artifactType') ?? '';
  const all = (await store.listReferrers(repository, subject)).filter(
    (one) => artifactType === '' || one.artifactType === artifactType,
  );
  const last = query.get('last') ?? '';
  const { manifests, end } = takePage(all.filter((one) => one.digest > last));
  const next = new URLSearchParams({
    ...(artifactType !== '' && { artifactType }),
    ...(end !== undefined && { last: end }),
  });
  sendJson(
    exchange,
    200,
    { schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests },
    {
      'Content-Type': MEDIA_TYPE.ociIndex,
      ...(artifactType !== '' && { 'OCI-Filters-Applied': 'artifactType' }),
      ...(end !== undefined && { Link: `</v2/${repository}/referrers/${subject}?${next.toString()}>; rel="next"` }),
    },
  );
}

/** As many as fit, at least one; `end` is where the next page goes on. */
function takePage(all: readonly ReferrerDescriptor[]) {
  let sizeBytes = 0;
  const manifests: ReferrerDescriptor[] = [];
  for (const one of all) {
    sizeBytes += Buffer.byteLength(JSON.stringify(one));
    const previous = manifests.at(-1);
    if (previous !== undefined && sizeBytes > PAGE_LIMIT_BYTES) return { manifests, end: previous.digest };
    manifests.push(one);
  }
  return { manifests, end: undefined };
}
