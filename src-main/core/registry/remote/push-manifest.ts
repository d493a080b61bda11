import { type Digest, isDigest } from '#shared/oci/digest.ts';
import { pushScope } from '../auth/scopes.ts';
import type { PushedManifest, PushManifestCall } from '../registry-client.ts';
import { discard } from '../transport/body.ts';
import { type Headers, headerLines } from '../transport/headers.ts';
import type { HttpResponse } from '../transport/http.ts';
import { LIMITS } from '../transport/limits.ts';
import { isRegistryError, RegistryError } from '../transport/registry-error.ts';
import { type Retrier, setbackOfFailure } from '../transport/retry.ts';
import { ask, checkedReference, checkedRepository, type RemoteContext, statusError } from './context.ts';
import { getManifest, manifestDigest, statedDigest } from './manifests.ts';
import { registryWarnings } from './warnings.ts';

type PushContext = RemoteContext & { readonly retrier: Retrier };

/** 201 by the specification; the others are met too. */
const TAKEN: ReadonlySet<number> = new Set([200, 201, 202]);

/**
 * Puts a manifest under a tag or its digest, exactly as it is. An answer that got lost, or that names another digest,
 * is settled by reading the manifest back: what is there counts, not what was said (SECURITY-CASES U07, FI14).
 * Spec: OCI Distribution 1.1, "Pushing manifests", "Pushing Manifests with Subject".
 * @throws {RegistryError} `digest-mismatch`, `too-large`; `registry` with codes that name what is missing
 */
export async function pushManifest(context: PushContext, call: PushManifestCall): Promise<PushedManifest> {
  const { bytes, mediaType, reference } = call;
  checkedReference(reference);
  if (bytes.length > LIMITS.manifestBytes) {
    throw new RegistryError({ kind: 'too-large', limitBytes: LIMITS.manifestBytes, what: 'manifest' });
  }
  const asked = isDigest(reference) ? reference : undefined;
  const trace = { method: 'PUT', url: '', hop: 'registry' } as const;
  const digest = manifestDigest({ bytes, mediaType, like: asked, trace });
  if (asked !== undefined && asked !== digest) {
    throw new RegistryError({ kind: 'digest-mismatch', expected: asked, actual: digest });
  }
  for (;;) {
    try {
      return await confirmed(context, call, digest, await put(context, call));
    } catch (error) {
      const { endpoint, retrier, transport } = context;
      const isOpen = setbackOfFailure(error, true) !== undefined && call.signal?.aborted !== true;
      if (isOpen && (await readBack(context, call)) === digest) {
        return { digest, warnings: [], subjectAccepted: false };
      }
      await transport.waitToGoOn(error, { endpoint, retrier, signal: call.signal, hasBegun: true });
    }
  }
}

async function put(context: RemoteContext, call: PushManifestCall): Promise<HttpResponse> {
  const repository = checkedRepository(call.repository);
  const { bytes, mediaType, reference, ifMatch, signal } = call;
  const response = await ask(context, {
    method: 'PUT',
    path: `/v2/${repository}/manifests/${reference}`,
    scopes: [pushScope(repository)],
    headers: { 'content-type': mediaType, ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }) },
    body: bytes,
    commits: true,
    what: 'repository',
    signal,
  });
  if (!TAKEN.has(response.status)) throw await statusError(context, response, 'repository');
  discard(response.body);
  return response;
}

async function confirmed(
  context: RemoteContext,
  call: PushManifestCall,
  digest: Digest,
  { headers, trace }: HttpResponse,
): Promise<PushedManifest> {
  const stated = statedDigest(headers);
  const said = {
    digest,
    warnings: registryWarnings(headers, context.session.secrets()),
    subjectAccepted: isListed(headers),
  };
  if (stated === undefined || stated === digest) return said;
  const actual = await readBack(context, call);
  if (actual !== digest) {
    throw new RegistryError({ kind: 'digest-mismatch', expected: digest, actual: actual ?? stated }, trace);
  }
  const text = `The registry called this manifest ${stated}, but has it as ${digest}.`;
  return { ...said, warnings: [...said.warnings, { source: 'gantry', text }] };
}

/** The digest of what is there now; undefined for nothing, or when nobody can tell. */
async function readBack(context: RemoteContext, { repository, reference, signal }: PushManifestCall) {
  try {
    const call = { repository, reference, ...(signal === undefined ? {} : { signal }) };
    return (await getManifest({ ...context, repeatable: false }, call)).digest;
  } catch (error) {
    if (isRegistryError(error) && error.kind !== 'cancelled') return undefined;
    throw error;
  }
}

function isListed(headers: Headers): boolean {
  return headerLines(headers, 'oci-subject').some((line) => isDigest(line.trim()));
}
