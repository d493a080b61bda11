import { createCipheriv } from 'node:crypto';
import { Readable } from 'node:stream';
import type { PushBlobCall } from '#main/core/registry/registry-client.ts';
import { digestOf } from './oci-builder.ts';

/** Bytes that a push can read, and how it did. */
export type BlobSource = Pick<PushBlobCall, 'descriptor' | 'open'> & {
  readonly bytes: Buffer;
  /** Where it was opened, in order. */
  readonly opened: readonly number[];
  /** Streams that nobody has destroyed or read to their end. */
  readonly openCount: () => number;
};

/** Bytes that compress badly and differ everywhere, so that a part in the wrong place shows. */
export function patternBytes(sizeBytes: number, seed = 1): Buffer {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16));
  return cipher.update(Buffer.alloc(sizeBytes));
}

export type SourceOptions = {
  /** Pieces of so many bytes; 64 KiB when absent. */
  readonly pieceBytes?: number;
  /** What comes in place of the bytes from `startByte` on, at the n-th opening. */
  readonly give?: (rest: Buffer, startByte: number, nth: number) => Readable | Buffer | Promise<Readable | Buffer>;
};

/** A source over bytes in memory. `descriptor` is of the bytes as they are. */
export function blobSource(bytes: Buffer, { pieceBytes = 65_536, give }: SourceOptions = {}): BlobSource {
  const opened: number[] = [];
  const streams = new Set<Readable>();
  return {
    bytes,
    descriptor: { digest: digestOf(bytes), sizeBytes: bytes.length },
    opened,
    openCount: () => [...streams].filter((stream) => !stream.destroyed).length,
    open: async (startByte) => {
      opened.push(startByte);
      const rest = bytes.subarray(startByte);
      const given = give === undefined ? rest : await give(rest, startByte, opened.length);
      const stream =
        given instanceof Readable ? given : Readable.from(pieces(given, pieceBytes), { objectMode: false });
      streams.add(stream);
      return stream;
    },
  };
}

function* pieces(bytes: Buffer, pieceBytes: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}
