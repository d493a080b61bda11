import { createHash, type Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { type Digest, digestAlgorithm } from '#shared/oci/digest.ts';
import { writeAll } from '../../files.ts';
import { ContentSizeError, DigestMismatchError } from '../../gantry-error.ts';
import { readAt } from '../../tar/position-reader.ts';
import type { PutBlob } from '../../transfer/ends.ts';

/** A blob on its way into a file: what is there already has gone into the hash. */
export type Receipt = { receivedBytes: number; readonly hash: Hash };

/** Nothing received yet. */
export function newReceipt(digest: Digest): Receipt {
  return { receivedBytes: 0, hash: createHash(digestAlgorithm(digest)) };
}

type Target = {
  readonly handle: FileHandle;
  /** Where the blob begins in the file. */
  readonly offset: number;
  /** Told after each write; may make durable what there is so far. */
  readonly onWritten?: (receivedBytes: number) => Promise<void>;
};

const CHUNK_BYTES = 1024 * 1024;

/**
 * Writes the rest of a blob to its place and verifies the whole. After a failure the receipt says how far it came, and
 * the same receipt goes on from there. A digest that does not match is the end of it.
 * @throws {DigestMismatchError} {ContentSizeError}, errors of the file system, and whatever the source fails with
 */
export async function receiveBlob(call: PutBlob, receipt: Receipt, target: Target): Promise<void> {
  const { descriptor, open, signal, onProgress } = call;
  const { digest, sizeBytes } = descriptor;
  const { handle, offset, onWritten } = target;
  if (receipt.receivedBytes < sizeBytes) {
    onProgress?.(receipt.receivedBytes);
    for await (const chunk of bytesOf(await open(receipt.receivedBytes, signal))) {
      const received = receipt.receivedBytes + chunk.byteLength;
      if (received > sizeBytes) throw new ContentSizeError(sizeBytes, received);
      await writeAll(handle, chunk, offset + receipt.receivedBytes);
      receipt.hash.update(chunk);
      receipt.receivedBytes = received;
      await onWritten?.(received);
      onProgress?.(received);
      signal.throwIfAborted();
    }
    if (receipt.receivedBytes < sizeBytes) throw new ContentSizeError(sizeBytes, receipt.receivedBytes);
  }
  const actual = `${digestAlgorithm(digest)}:${receipt.hash.copy().digest('hex')}`;
  if (actual !== digest) throw new DigestMismatchError(digest, actual);
}

async function* bytesOf(stream: AsyncIterable<unknown>): AsyncGenerator<Buffer> {
  for await (const chunk of stream)
    if (chunk instanceof Uint8Array) yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

/** A receipt for the first `bytes` of a blob, read back from where they were written. */
export async function receiptOf(
  digest: Digest,
  { handle, offset }: Pick<Target, 'handle' | 'offset'>,
  bytes: number,
  signal: AbortSignal,
): Promise<Receipt> {
  const receipt = newReceipt(digest);
  while (receipt.receivedBytes < bytes) {
    signal.throwIfAborted();
    const wanted = Math.min(CHUNK_BYTES, bytes - receipt.receivedBytes);
    const chunk = await readAt(handle, offset + receipt.receivedBytes, wanted);
    if (chunk.length === 0) break;
    receipt.hash.update(chunk);
    receipt.receivedBytes += chunk.length;
  }
  return receipt;
}

/** True when what a receipt has seen is the blob. */
export function isWhole({ hash, receivedBytes }: Receipt, digest: Digest, sizeBytes: number): boolean {
  return receivedBytes === sizeBytes && `${digestAlgorithm(digest)}:${hash.copy().digest('hex')}` === digest;
}
