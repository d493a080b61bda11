import { Readable } from 'node:stream';
import type { OpenedBlob } from '../registry-client.ts';
import type { Retrier } from '../transport/retry.ts';
import { type BlobAtCall, openBlobAt } from './blob-at.ts';
import type { RemoteContext } from './context.ts';

/** So much of a blob is progress: who gets it each time may break off as often as they like. */
const PROGRESS_BYTES = 1024 * 1024;

type Reading = {
  readonly context: RemoteContext;
  readonly retrier: Retrier;
  readonly call: Omit<BlobAtCall, 'startByte' | 'signal'> & { readonly signal: AbortSignal };
  /** What is read now; to be destroyed by who gives up. */
  current: OpenedBlob | undefined;
};

/** `end` frees the connection; destroying the stream alone would wait for the bytes it has asked for. */
export type ResumingBlob = { readonly stream: Readable; readonly end: () => void };

/**
 * A blob from its first byte to its last, over as many connections as it takes: broken off it is gone on with where it
 * was, or read anew and skipped up to there when the registry knows no Range. Not hashed here: the hash of the whole
 * decides whether the parts belong together. SECURITY-CASES B04, FI01–FI03.
 * @throws {RegistryError} when it cannot be opened
 */
export async function readResuming(context: RemoteContext, call: Omit<BlobAtCall, 'startByte'>): Promise<ResumingBlob> {
  const gone = new AbortController();
  const signal = call.signal === undefined ? gone.signal : AbortSignal.any([call.signal, gone.signal]);
  const retrier = context.retrier ?? context.transport.createRetrier(context.priority);
  const reading: Reading = { context, retrier, call: { ...call, signal }, current: undefined };
  reading.current = await openBlobAt(context, { ...reading.call, startByte: 0 });
  return {
    stream: Readable.from(pieces(reading), { objectMode: false }),
    end: () => {
      gone.abort();
      reading.current?.stream.destroy();
    },
  };
}

async function* pieces(reading: Reading): AsyncGenerator<Buffer> {
  const { context, retrier, call } = reading;
  let position = 0;
  let etag: string | undefined;
  for (let isDone = false; !isDone;) {
    const before = position;
    try {
      reading.current ??= await openBlobAt(context, { ...call, startByte: position, etag });
      for await (const piece of after(reading.current, position)) {
        position += piece.length;
        yield piece;
      }
      isDone = true;
    } catch (error) {
      etag = reading.current?.etag ?? etag;
      reading.current?.stream.destroy();
      reading.current = undefined;
      if (position - before >= PROGRESS_BYTES) retrier.renew();
      const { endpoint, transport } = context;
      await transport.waitToGoOn(error, { endpoint, retrier, signal: call.signal, hasBegun: true });
    }
  }
}

/** What comes after `position` of the whole. */
async function* after({ stream, startByte }: OpenedBlob, position: number): AsyncGenerator<Buffer> {
  let skip = position - startByte;
  for await (const chunk of stream) {
    if (!Buffer.isBuffer(chunk)) continue;
    if (chunk.length > skip) yield skip === 0 ? chunk : chunk.subarray(skip);
    skip = Math.max(0, skip - chunk.length);
  }
}
