import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Digest } from '#shared/oci/digest.ts';
import { constants } from 'node:fs';
import { makeFolder, openRegular, orAbsent, statRegular, syncFolder } from '../../files.ts';
import { DigestMismatchError } from '../../gantry-error.ts';
import { createSingleFlight } from '../../single-flight.ts';
import type { PutBlob } from '../../transfer/ends.ts';
import { blobPath } from '../documents.ts';
import { bytesStream } from '../files/read-range.ts';
import type { BlobSink } from './blob-sink.ts';
import { isWhole, newReceipt, type Receipt, receiptOf, receiveBlob } from './receive-blob.ts';

type Call = { readonly signal: AbortSignal };

/**
 * The blobs of a layout folder. What is on its way lies in `partialDir`, of the same disk, under its digest: another
 * process goes on with it. A blob is put in its place when it is whole and synced, and not before (I-FILE).
 */
export function createFolderBlobs(root: string, partialDir: string): BlobSink {
  const flights = createSingleFlight<'present' | 'sent'>();
  /** Path → what the file was like when its bytes were last known to be right. */
  const verified = new Map<string, string>();
  let keptBytes = 0;

  const has = async (digest: Digest, sizeBytes: number, { signal }: Call): Promise<boolean> => {
    const path = join(root, blobPath(digest));
    const stats = await statRegular(path);
    if (stats === undefined || stats.size !== sizeBytes) return false;
    const signature = `${stats.ino} ${stats.mtimeMs} ${stats.ctimeMs}`;
    if (verified.get(path) === signature) return true;
    if (!(await isSound(path, digest, sizeBytes, signal))) return false;
    verified.set(path, signature);
    return true;
  };
  const put = async (call: PutBlob): Promise<'present' | 'sent'> => {
    const { digest, sizeBytes } = call.descriptor;
    if (await has(digest, sizeBytes, call)) return 'present';
    const path = join(root, blobPath(digest));
    const partial = join(partialDir, digest.replace(':', '-'));
    await makeFolder(partialDir);
    await fillPartial(partial, call);
    await makeFolder(dirname(path));
    await rename(partial, path);
    await syncFolder(dirname(path));
    keptBytes += sizeBytes;
    return 'sent';
  };
  const putOnce = (call: PutBlob) =>
    flights.run(call.descriptor.digest, (signal) => put({ ...call, signal }), call.signal);
  return {
    has: ({ digest, sizeBytes }, call) => has(digest, sizeBytes, call),
    put: putOnce,
    putBytes: async ({ bytes, digest }, { signal }) => {
      const descriptor = { digest, sizeBytes: bytes.byteLength, mediaType: '' };
      await putOnce({ descriptor, signal, open: async (startByte) => bytesStream(bytes, startByte) });
    },
    keptBytes: () => keptBytes,
  };
}

async function isSound(path: string, digest: Digest, sizeBytes: number, signal: AbortSignal): Promise<boolean> {
  const handle = await openRegular(path);
  if (handle === undefined) return false;
  try {
    return isWhole(await receiptOf(digest, { handle, offset: 0 }, sizeBytes, signal), digest, sizeBytes);
  } finally {
    await handle.close();
  }
}

/** Writes the partial file to its end and syncs it. One that was damaged since is begun anew, once. */
async function fillPartial(path: string, call: PutBlob): Promise<void> {
  const { descriptor, signal } = call;
  const handle = await openPartial(path);
  try {
    const receipt = await resume(handle, descriptor.digest, descriptor.sizeBytes, signal);
    const resumed = receipt.receivedBytes > 0;
    try {
      await receiveBlob(call, receipt, { handle, offset: 0 });
    } catch (error) {
      if (!(error instanceof DigestMismatchError) || !resumed) throw error;
      await handle.truncate(0);
      await receiveBlob(call, newReceipt(descriptor.digest), { handle, offset: 0 });
    }
    await handle.sync();
  } catch (error) {
    if (error instanceof DigestMismatchError) await rm(path, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

const MODE = 0o600;

/** The file of an earlier try, or a new one; never a link that somebody put there (K02). */
async function openPartial(path: string): Promise<FileHandle> {
  const earlier = await openRegular(path, constants.O_RDWR);
  if (earlier !== undefined) return earlier;
  await orAbsent(rm(path));
  return open(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, MODE);
}

async function resume(handle: FileHandle, digest: Digest, sizeBytes: number, signal: AbortSignal): Promise<Receipt> {
  const { size } = await handle.stat();
  if (size <= sizeBytes) return receiptOf(digest, { handle, offset: 0 }, size, signal);
  await handle.truncate(0);
  return newReceipt(digest);
}
