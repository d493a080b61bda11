import { Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream';
import type { OpenRange } from '../seek/read-parts.ts';
import type { OpenCall } from './layer-opener.ts';

/** Parts of a blob from its registry, by one request each. */
export function openRemoteRange({ client, repository, descriptor }: OpenCall, signal: AbortSignal): OpenRange {
  return async ({ startByte, endByte }) => {
    const opened = await client.openBlobAt({ repository, descriptor, startByte, endByte, signal });
    const surplus = startByte - opened.startByte;
    if (surplus === 0) return opened.stream;
    // A registry that knows no ranges gives the whole.
    const skipping = new SkippingStream(surplus);
    // The stream itself reports every failure; this callback only has to be there.
    pipeline(opened.stream, skipping, () => undefined);
    return skipping;
  };
}

/** Drops the first bytes. */
class SkippingStream extends Transform {
  #left: number;

  constructor(bytes: number) {
    super();
    this.#left = bytes;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, callback: TransformCallback): void {
    const rest = chunk.subarray(Math.min(this.#left, chunk.length));
    this.#left -= chunk.length - rest.length;
    callback(null, rest);
  }
}
