import type { Descriptor } from '#shared/oci/descriptor.ts';
import { type Digest, isDigest } from '#shared/oci/digest.ts';
import { isUninformativeType, MEDIA_TYPE } from '#shared/oci/media-type.ts';
import { InvalidInputError } from '../../gantry-error.ts';
import type { Clock } from '../../ports.ts';
import { pullScope } from '../auth/scopes.ts';
import type { ReferrerPage } from '../registry-client.ts';
import { discard } from '../transport/body.ts';
import { headerLines, type Headers, mediaTypeOf } from '../transport/headers.ts';
import type { HttpResponse } from '../transport/http.ts';
import { isRegistryError, RegistryError, type RequestTrace } from '../transport/registry-error.ts';
import { askOk, checkedRepository, type RemoteContext } from './context.ts';
import { readFallbackTag } from './fallback-tag.ts';
import { listPage } from './page.ts';
import { isReferrerIndex, readReferrers } from './referrer-list.ts';
import { createReferrerMemory } from './referrer-memory.ts';

export type ReferrerCall = {
  readonly repository: string;
  readonly digest: Digest;
  readonly artifactType?: string;
  readonly cursor?: string;
  readonly signal?: AbortSignal;
};

/** Lists as the caller of `context`; what it learns about the registry holds for all of them. */
export type ReferrerLister = (context: RemoteContext, call: ReferrerCall) => Promise<ReferrerPage>;

/** Registries without the API say so with one of these; only 404 is in the specification. */
const MEANS_UNSUPPORTED: ReadonlySet<number> = new Set([400, 404, 405, 406, 501]);
/** What a route that is no referrers API answers under 200: web pages, nothing, other JSON. */
const NOT_AN_INDEX: ReadonlySet<string> = new Set(['html', 'empty', 'not-json', 'bad-shape']);

/**
 * Lists what names a manifest as its subject: by the referrers API, or where there is none by the fallback tag
 * `sha256-…`. Whether there is one is remembered for five minutes.
 * Spec: OCI Distribution 1.1, "Listing Referrers" and "Unavailable Referrers API"; SECURITY-CASES F01, F02, V8.
 */
export function createReferrerLister(clock: Clock): ReferrerLister {
  const memory = createReferrerMemory(clock);
  return async (context, call) => {
    const repository = checkedRepository(call.repository);
    if (!isDigest(call.digest)) throw new InvalidInputError('digest', 'not a digest');
    if (call.cursor !== undefined) return listByApi(context, call);
    if (memory.mayHaveApi(repository)) {
      try {
        const page = await listByApi(context, call);
        memory.note(repository, true);
        return page;
      } catch (error) {
        if (!saysUnsupported(error)) throw error;
        memory.note(repository, false);
      }
    }
    return readFallbackTag(context, call);
  };
}

async function listByApi(context: RemoteContext, call: ReferrerCall): Promise<ReferrerPage> {
  const { repository, digest, artifactType, signal } = call;
  const query = artifactType === undefined ? '' : `?artifactType=${encodeURIComponent(artifactType)}`;
  const kind = {
    firstPath: `/v2/${repository}/referrers/${digest}${query}`,
    what: 'referrers page',
    keyOf: (each: Descriptor) => each.digest,
    fetch: async (path: string) => {
      const response = await askOk(context, {
        method: 'GET',
        path,
        scopes: [pullScope(repository)],
        accept: MEDIA_TYPE.ociIndex,
        what: 'manifest',
        signal,
      });
      refuseOtherType(response);
      return response;
    },
    read: (body: unknown, { headers, trace }: { readonly headers: Headers; readonly trace: RequestTrace }) => {
      if (!isReferrerIndex(body)) throw noIndex(trace);
      return readReferrers(body, hasFiltered(headers) ? undefined : artifactType);
    },
  };
  const { items, ...page } = await listPage(kind, context, call.cursor);
  return { ...page, referrers: items, source: 'api' };
}

/** A Content-Type that names something else than an index; one that names nothing leaves it to the body. */
function refuseOtherType(response: HttpResponse): void {
  const type = mediaTypeOf(response.headers);
  if (type === undefined || type === MEDIA_TYPE.ociIndex || isUninformativeType(type)) return;
  discard(response.body);
  throw noIndex(response.trace);
}

function noIndex(trace: RequestTrace): RegistryError {
  const detail = 'the answer is no OCI index';
  return new RegistryError({ kind: 'unsupported', feature: 'referrers', detail }, trace);
}

/** Spec: OCI Distribution 1.1, "Listing Referrers", `OCI-Filters-Applied`. */
function hasFiltered(headers: Headers): boolean {
  const applied = headerLines(headers, 'oci-filters-applied').flatMap((line) => line.split(','));
  return applied.some((filter) => filter.trim().toLowerCase() === 'artifacttype');
}

/** True when the registry as good as says that it has no such API. `NAME_UNKNOWN` speaks of the repository instead. */
function saysUnsupported(error: unknown): boolean {
  if (!isRegistryError(error) || error.trace?.hop !== 'registry') return false;
  const { failure, trace } = error;
  if (failure.kind === 'unsupported') return failure.feature === 'referrers';
  if (failure.kind === 'protocol') return NOT_AN_INDEX.has(failure.reason);
  if (failure.kind === 'not-found' && failure.what === 'repository') return false;
  return MEANS_UNSUPPORTED.has(trace?.status ?? 0);
}
