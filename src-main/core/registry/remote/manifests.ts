import { type Digest, digestAlgorithm, isDigest } from '#shared/oci/digest.ts';
import { asObject } from '#shared/oci/json-fields.ts';
import { ACCEPTED_MANIFEST_TYPES, isUninformativeType, MEDIA_TYPE } from '#shared/oci/media-type.ts';
import { effectiveMediaType } from '#shared/oci/sniff-manifest.ts';
import { pullScope } from '../auth/scopes.ts';
import type { FetchedManifest, ManifestHead, RegistryWarning } from '../registry-client.ts';
import { discard, readBounded } from '../transport/body.ts';
import { digestOf } from '../../content-digest.ts';
import { contentLength, mediaTypeOf, singleHeader, type Headers } from '../transport/headers.ts';
import type { HttpResponse } from '../transport/http.ts';
import { checkLooksLikeJson, parseJson } from '../transport/json.ts';
import { LIMITS } from '../transport/limits.ts';
import { isTemporaryStatus } from '../transport/temporary.ts';
import { RegistryError, type RequestTrace } from '../transport/registry-error.ts';
import { ask, askOk, checkedReference, checkedRepository, type RemoteContext, statusError } from './context.ts';
import { signedPayload } from './schema1.ts';
import { registryWarnings } from './warnings.ts';

/** One line, since some registries read only the first `Accept`. */
const ACCEPT = ACCEPTED_MANIFEST_TYPES.join(', ');

type Call = { readonly repository: string; readonly reference: string; readonly signal?: AbortSignal };

/**
 * What HEAD says about a manifest; cheaper than GET where pulls are counted. The digest is the header's, or the one
 * asked for when there is none. Spec: OCI Distribution 1.1, "Checking if content exists in the registry".
 * @throws {RegistryError} `not-found{manifest}`; `digest-mismatch` when the header contradicts the digest asked for
 */
export async function headManifest(context: RemoteContext, call: Call): Promise<ManifestHead> {
  const response = await ask(context, { ...manifestAsk(call), method: 'HEAD' });
  if (response.status !== 200) return await headByGet(context, call, response);
  discard(response.body);
  const { headers, trace } = response;
  const asked = isDigest(call.reference) ? call.reference : undefined;
  const stated = statedDigest(headers);
  if (asked !== undefined && stated !== undefined && asked !== stated) {
    throw new RegistryError({ kind: 'digest-mismatch', expected: asked, actual: stated }, trace);
  }
  const digest = stated ?? asked;
  const mediaType = mediaTypeOf(headers);
  const sizeBytes = contentLength(headers);
  return {
    ...(digest === undefined ? {} : { digest }),
    ...(mediaType === undefined || isUninformativeType(mediaType) ? {} : { mediaType }),
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
  };
}

/** Statuses of HEAD that say all there is to say; a second request would only add to what 429 complains of. */
const PLAIN_STATUSES: ReadonlySet<number> = new Set([404, 429]);

/**
 * A HEAD that failed has no body, and so no word on why: asked again as GET, whose error has. Registries that refuse
 * only HEAD answer that one.
 */
async function headByGet(context: RemoteContext, call: Call, refused: HttpResponse): Promise<ManifestHead> {
  if (PLAIN_STATUSES.has(refused.status)) throw await statusError(context, refused, 'manifest');
  discard(refused.body);
  // A busy registry has been asked often enough by now.
  const follow = isTemporaryStatus(refused.status) ? ({ ...context, repeatable: false } as const) : context;
  const { digest, mediaType, bytes } = await getManifest(follow, call);
  return { digest, mediaType, sizeBytes: bytes.length };
}

/**
 * A manifest's exact bytes, at most 4 MiB, hashed by us: asked for by digest they must hash to it; asked for by tag
 * a `Docker-Content-Digest` that differs is only worth a warning, since registries get it wrong (M01, M02).
 * Spec: OCI Distribution 1.1, "Pulling manifests".
 * @throws {RegistryError} `digest-mismatch`, `protocol` for what is no JSON object (M18), `too-large`
 */
export async function getManifest(context: RemoteContext, call: Call): Promise<FetchedManifest> {
  return (await fetchManifest(context, call)).manifest;
}

/** The same with the answer's ETag, for who is about to change what is there. @throws as `getManifest` */
export async function fetchManifest(
  context: RemoteContext,
  call: Call,
): Promise<{ readonly manifest: FetchedManifest; readonly etag: string | undefined }> {
  const response = await askOk(context, { ...manifestAsk(call), method: 'GET' });
  const bytes = await readManifest(response);
  const { headers, trace } = response;
  checkLooksLikeJson(bytes, trace);
  const mediaType = effectiveMediaType(mediaTypeOf(headers) ?? '', () => asObject(parseJson(bytes, trace), 'manifest'));
  const asked = isDigest(call.reference) ? call.reference : undefined;
  const digest = manifestDigest({ bytes, mediaType, like: asked ?? statedDigest(headers), trace });
  if (asked !== undefined && digest !== asked) {
    throw new RegistryError({ kind: 'digest-mismatch', expected: asked, actual: digest }, trace);
  }
  const warnings = [...registryWarnings(headers, context.session.secrets()), ...ownWarnings(headers, digest)];
  return { manifest: { bytes, digest, mediaType, warnings }, etag: singleHeader(headers, 'etag') };
}

function manifestAsk(call: Call) {
  const repository = checkedRepository(call.repository);
  return {
    path: `/v2/${repository}/manifests/${checkedReference(call.reference)}`,
    scopes: [pullScope(repository)],
    accept: ACCEPT,
    what: 'manifest',
    signal: call.signal,
  } as const;
}

async function readManifest(response: HttpResponse): Promise<Buffer> {
  const { headers, trace } = response;
  try {
    return await readBounded(response.body, { headers, limitBytes: LIMITS.manifestBytes, what: 'manifest', trace });
  } catch (error) {
    throw response.mapError(error);
  }
}

/** Of the bytes; of a signed schema 1 manifest's payload. With sha512 only where the registry names one. */
export function manifestDigest(manifest: {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  readonly like: Digest | undefined;
  readonly trace: RequestTrace;
}): Digest {
  const { bytes, mediaType, like, trace } = manifest;
  const algorithm = like === undefined ? 'sha256' : digestAlgorithm(like);
  if (mediaType !== MEDIA_TYPE.dockerSchema1Signed) return digestOf(bytes, algorithm);
  return digestOf(signedPayload(bytes, parseJson(bytes, trace)) ?? bytes, algorithm);
}

/** The digest an answer names, when it is one. */
export function statedDigest(headers: Headers): Digest | undefined {
  const text = singleHeader(headers, 'docker-content-digest')?.trim();
  return text !== undefined && isDigest(text) ? text : undefined;
}

function ownWarnings(headers: Headers, digest: Digest): readonly RegistryWarning[] {
  const stated = statedDigest(headers);
  if (stated === undefined || stated === digest) return [];
  return [{ source: 'gantry', text: `The registry calls this manifest ${stated}, but its bytes are ${digest}.` }];
}
