import type { Digest } from '#shared/oci/digest.ts';
import { isDigest } from '#shared/oci/digest.ts';
import { isRepositoryName } from '#shared/oci/reference.ts';
import { DigestMismatchError } from '../../gantry-error.ts';
import { UploadRangeError, UploadUnknownError } from '../store/store-error.ts';
import type { UploadStatus } from '../store/uploads.ts';
import { requireDigest } from './checks.ts';
import { bodyOf, type Exchange, sendEmpty } from './exchange.ts';
import { parseChunkStart } from './range.ts';
import type { Route } from './route.ts';
import { SpecError } from './spec-error.ts';

/** POST: mounts, takes a whole blob, or opens a session. Spec: OCI distribution 1.1, "Pushing blobs". */
export async function startUpload(exchange: Exchange, { repository }: Route): Promise<void> {
  const { query, request, store } = exchange;
  const mount = query.get('mount');
  if (mount !== null && (await mountBlob(exchange, repository, mount))) return;
  const wanted = query.get('digest');
  const digest = wanted === null ? undefined : requireDigest(wanted);
  const session = await store.startUpload(repository);
  if (digest === undefined) return sendSession(exchange, repository, session, 202);
  await refusing(repository, session.id, () => store.finishUpload(repository, session.id, digest, bodyOf(request)));
  sendCreated(exchange, repository, digest);
}

/** Spec: OCI distribution 1.1, "Mounting a blob from another repository". Without `from` any repository will do. */
async function mountBlob(exchange: Exchange, repository: string, mount: string): Promise<boolean> {
  const from = exchange.query.get('from') ?? undefined;
  if (!isDigest(mount) || (from !== undefined && !isRepositoryName(from))) return false;
  if (!(await exchange.store.mountBlob(repository, mount, from))) return false;
  sendCreated(exchange, repository, mount);
  return true;
}

/** GET: where to go on. */
export async function getUpload(exchange: Exchange, { repository, argument }: Route): Promise<void> {
  const session = await refusing(repository, argument, () => exchange.store.uploadStatus(repository, argument));
  sendSession(exchange, repository, session, 204);
}

/** PATCH: a chunk, or the whole blob as a stream. */
export async function patchUpload(exchange: Exchange, { repository, argument }: Route): Promise<void> {
  const at = chunkStart(exchange, repository, argument);
  const session = await refusing(repository, argument, async () => {
    // Without Content-Range the body is the whole blob, so there may be nothing yet; which is no 416 but a bad request.
    if (at === undefined) await requireEmpty(exchange, repository, argument);
    return exchange.store.appendUpload(repository, argument, bodyOf(exchange.request), at);
  });
  sendSession(exchange, repository, session, 202);
}

/** PUT: closes the session, with a last chunk or the whole blob as its body. */
export async function putUpload(exchange: Exchange, { repository, argument }: Route): Promise<void> {
  const { query, request, store } = exchange;
  const digest = requireDigest(query.get('digest'));
  const at = chunkStart(exchange, repository, argument);
  await refusing(repository, argument, () => store.finishUpload(repository, argument, digest, bodyOf(request), at));
  sendCreated(exchange, repository, digest);
}

/** DELETE: gives the session up. */
export async function deleteUpload(exchange: Exchange, { repository, argument }: Route): Promise<void> {
  await refusing(repository, argument, () => exchange.store.cancelUpload(repository, argument));
  sendEmpty(exchange, 204);
}

function chunkStart({ request }: Exchange, repository: string, id: string): number | undefined {
  const start = parseChunkStart(request.headers['content-range']);
  if (start === 'invalid') {
    throw new SpecError(416, 'BLOB_UPLOAD_INVALID', 'Content-Range must be <first>-<last>', {
      headers: { Location: sessionPath(repository, id) },
    });
  }
  return start === 'absent' ? undefined : start;
}

async function requireEmpty({ store }: Exchange, repository: string, id: string): Promise<void> {
  const { receivedBytes } = await store.uploadStatus(repository, id);
  if (receivedBytes === 0) return;
  throw new SpecError(400, 'BLOB_UPLOAD_INVALID', 'Content-Range is needed to go on with an upload', {
    headers: { Location: sessionPath(repository, id), Range: receivedRange(receivedBytes) },
  });
}

/** Runs a step of a session and turns what the store refuses into an answer. */
async function refusing<T>(repository: string, id: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof UploadUnknownError) throw new SpecError(404, 'BLOB_UPLOAD_UNKNOWN', error.message);
    if (error instanceof DigestMismatchError) {
      const { expected, actual } = error;
      throw new SpecError(400, 'DIGEST_INVALID', 'the content does not match the digest', {
        detail: { expected, actual },
      });
    }
    if (error instanceof UploadRangeError) {
      throw new SpecError(416, 'BLOB_UPLOAD_INVALID', error.message, {
        headers: { Location: sessionPath(repository, id), Range: receivedRange(error.receivedBytes) },
      });
    }
    throw error;
  }
}

const sessionPath = (repository: string, id: string) => `/v2/${repository}/blobs/uploads/${id}`;

// An empty session cannot be told from one byte in this syntax; `0-0` is what every registry sends.
const receivedRange = (receivedBytes: number) => `0-${Math.max(0, receivedBytes - 1)}`;

function sendSession(
  exchange: Exchange,
  repository: string,
  { id, receivedBytes }: UploadStatus,
  status: number,
): void {
  sendEmpty(exchange, status, {
    Location: sessionPath(repository, id),
    Range: receivedRange(receivedBytes),
    'Docker-Upload-UUID': id,
  });
}

function sendCreated(exchange: Exchange, repository: string, digest: Digest): void {
  sendEmpty(exchange, 201, { Location: `/v2/${repository}/blobs/${digest}`, 'Docker-Content-Digest': digest });
}
