import { type Digest, digestAlgorithm, isDigest } from '#shared/oci/digest.ts';
import { discard } from '../../transport/body.ts';
import { singleHeader } from '../../transport/headers.ts';
import type { HttpResponse } from '../../transport/http.ts';
import { RegistryError } from '../../transport/registry-error.ts';
import { statusError } from '../context.ts';
import { withDigest } from './location.ts';
import { NoChunksError } from './no-chunks-error.ts';
import { receivedBytes } from './received.ts';
import { askSession, nextLocation, sendToUpload, type Session, type UploadPlace } from './session.ts';
import type { UploadSource } from './source.ts';

/**
 * A chunk is answered with 202 and the end with 201 by the specification; ECR answers chunks with 201, others use other
 * successes. What counts is what they say to have.
 */
const TAKEN: ReadonlySet<number> = new Set([200, 201, 202, 204]);

const OCTETS = 'application/octet-stream';

export type BlobParts = { readonly place: UploadPlace; readonly source: UploadSource; readonly sizeBytes: number };

/**
 * Closes an upload with everything that is missing, in one request of known length; with an empty one when nothing is.
 * Spec: OCI Distribution 1.1, "POST then PUT". @throws {RegistryError}; what the source throws
 */
export async function putRest(
  { place, source, sizeBytes }: BlobParts,
  session: Session,
  digest: Digest,
): Promise<HttpResponse> {
  const start = session.received;
  const length = sizeBytes - start;
  if (length === 0) await source.verify();
  const response = await sendToUpload(place, withDigest(session.url, digest), {
    method: 'PUT',
    headers: {
      'content-type': OCTETS,
      // Without an earlier part it is the whole, and registries before 1.1 know no Content-Range here.
      ...(start === 0 || length === 0 ? {} : { 'content-range': `${start}-${sizeBytes - 1}` }),
    },
    commits: true,
    ...(length === 0 ? {} : { body: { sizeBytes: length, read: () => source.part(start, sizeBytes) } }),
  });
  if (!TAKEN.has(response.status)) throw await statusError(place.context, response, 'blob');
  discard(response.body);
  return response;
}

/**
 * Sends one chunk and believes the registry's `Range` alone about what it has by then.
 * Spec: OCI Distribution 1.1, "Pushing a blob in chunks"; SECURITY-CASES U03.
 * @throws {RegistryError}; {NoChunksError} when it says nothing; what the source throws
 */
export async function patchChunk({ place, source }: BlobParts, session: Session, chunkBytes: number): Promise<Session> {
  const start = session.received;
  const end = start + chunkBytes;
  const response = await sendToUpload(place, session.url, {
    method: 'PATCH',
    headers: { 'content-type': OCTETS, 'content-range': `${start}-${end - 1}` },
    commits: true,
    body: { sizeBytes: chunkBytes, read: () => source.part(start, end) },
  });
  if (!TAKEN.has(response.status)) throw await chunkError(place, response);
  discard(response.body);
  const next = { ...session, url: nextLocation(response, session, place) };
  const said = receivedBytes(response.headers, end);
  const received = said ?? (await askSession(place, next, end))?.received;
  if (received === undefined)
    throw new NoChunksError(refuse('the registry does not say what it has received', response));
  if (received > end) throw refuse(`the registry says it has ${received} bytes after ${end} were sent`, response);
  return { ...next, received };
}

const NO_SUCH_METHOD: ReadonlySet<number> = new Set([405, 501]);

async function chunkError(place: UploadPlace, response: HttpResponse): Promise<Error> {
  const error = await statusError(place.context, response, 'unknown');
  return NO_SUCH_METHOD.has(response.status) ? new NoChunksError(error) : error;
}

/**
 * True when the registry says that it has stored just this; false when it does not say, or not clearly.
 * @throws {RegistryError} `digest-mismatch` (SECURITY-CASES U05)
 */
export function saysStored({ status, headers, trace }: HttpResponse, digest: Digest): boolean {
  const stated = singleHeader(headers, 'docker-content-digest')?.trim();
  if (stated === digest) return status === 201 || status === 204;
  // By another algorithm it may be the same.
  const isOther = stated !== undefined && isDigest(stated) && digestAlgorithm(stated) === digestAlgorithm(digest);
  if (!isOther) return false;
  throw new RegistryError({ kind: 'digest-mismatch', expected: digest, actual: stated }, trace);
}

function refuse(detail: string, { trace }: HttpResponse): RegistryError {
  return new RegistryError({ kind: 'protocol', reason: 'upload', detail }, trace);
}
