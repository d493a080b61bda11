import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { Digest } from '#shared/oci/digest.ts';
import { digestAlgorithm, parseDigest } from '#shared/oci/digest.ts';
import { digestOfFile } from '../../content-digest.ts';
import { DigestMismatchError } from '../../gantry-error.ts';
import type { BlobContent } from './blobs.ts';
import { openRegular, writeAll } from '../../files.ts';
import { createSessions, type Session } from './sessions.ts';
import type { StoreContext } from './store-context.ts';
import { UploadRangeError, UploadUnknownError } from './store-error.ts';

/** Bytes of one request body. A source that throws leaves what had arrived in the session, so it can be resumed. */
export type ByteSource = AsyncIterable<Uint8Array>;

export type UploadStatus = { readonly id: string; readonly receivedBytes: number };

/**
 * Upload sessions. They are files, so a client may go on after a cut connection or a restart of Gantry.
 * Every method but `startUpload` throws {UploadUnknownError} for an id that is not of this repository.
 */
export type UploadStore = {
  startUpload(repository: string): Promise<UploadStatus>;
  uploadStatus(repository: string, id: string): Promise<UploadStatus>;
  /** `at` is the chunk's first byte; without it the session must be empty. @throws {UploadRangeError} */
  appendUpload(repository: string, id: string, source: ByteSource, at?: number): Promise<UploadStatus>;
  /** Adds `source` if any, checks the digest, stores the blob and links it. @throws {DigestMismatchError} {UploadRangeError} */
  finishUpload(repository: string, id: string, digest: Digest, source?: ByteSource, at?: number): Promise<void>;
  cancelUpload(repository: string, id: string): Promise<void>;
  /** Gives up the sessions that nobody has written to for a day; how many. One being written to is let alone. */
  expireUploads(): Promise<number>;
};

/** The upload half of the store. */
export function createUploads(context: StoreContext, content: BlobContent): UploadStore {
  const { lock, gate } = context;
  const sessions = createSessions(context);
  const inSession = <T>(repository: string, id: string, run: (session: Session) => Promise<T>) =>
    lock(`upload ${id}`, async () => run(await sessions.load(repository, id)));

  return {
    startUpload: async (repository) => toStatus(await sessions.open(repository)),
    uploadStatus: (repository, id) => inSession(repository, id, async (session) => toStatus(session)),
    appendUpload: (repository, id, source, at = 0) =>
      inSession(repository, id, async (session) => {
        await append(session, source, at);
        return toStatus(session);
      }),
    finishUpload: (repository, id, digest, source, at) =>
      inSession(repository, id, async (session) => {
        if (source !== undefined) await append(session, source, at ?? session.receivedBytes);
        const actual = await digestOfSession(session, digest);
        if (actual !== digest) {
          await sessions.discard(id);
          throw new DigestMismatchError(digest, actual);
        }
        await syncFile(session.dataPath);
        await gate.shared(async () => {
          await content.adoptContent(session.dataPath, digest);
          await content.link(repository, digest);
        });
        await sessions.discard(id);
      }),
    cancelUpload: (repository, id) => inSession(repository, id, () => sessions.discard(id)),
    async expireUploads() {
      let expired = 0;
      for (const id of await sessions.list()) {
        if (!(await sessions.isExpired(id))) continue;
        // Asked again in its turn: somebody may have gone on with it meanwhile.
        const isGone = await lock(`upload ${id}`, async () => {
          const isStillExpired = await sessions.isExpired(id);
          if (isStillExpired) await sessions.discard(id);
          return isStillExpired;
        });
        if (isGone) expired += 1;
      }
      return expired;
    },
  };
}

const toStatus = ({ id, receivedBytes }: Session): UploadStatus => ({ id, receivedBytes });

async function append(session: Session, source: ByteSource, at: number): Promise<void> {
  if (at !== session.receivedBytes) throw new UploadRangeError(session.receivedBytes);
  const handle = await openRegular(session.dataPath, constants.O_WRONLY);
  if (handle === undefined) throw new UploadUnknownError();
  try {
    await appendTo(handle, session, source);
  } finally {
    await handle.close();
  }
}

async function appendTo(handle: FileHandle, session: Session, source: ByteSource): Promise<void> {
  for await (const chunk of source) {
    try {
      await writeAll(handle, chunk, session.receivedBytes);
    } catch (error) {
      // A full disk: give back what this chunk took, so that file, count and hash still agree.
      await handle.truncate(session.receivedBytes);
      throw error;
    }
    session.hash?.update(chunk);
    session.receivedBytes += chunk.byteLength;
  }
}

async function digestOfSession(session: Session, wanted: Digest): Promise<Digest> {
  const algorithm = digestAlgorithm(wanted);
  if (algorithm === 'sha256' && session.hash !== undefined) {
    return parseDigest(`sha256:${session.hash.copy().digest('hex')}`);
  }
  const digest = await digestOfFile(session.dataPath, algorithm);
  if (digest === undefined) throw new UploadUnknownError();
  return digest;
}

async function syncFile(path: string): Promise<void> {
  const handle = await openRegular(path, constants.O_RDWR);
  try {
    await handle?.sync();
  } finally {
    await handle?.close();
  }
}
