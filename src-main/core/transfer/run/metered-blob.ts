import { Readable } from 'node:stream';
import type { Descriptor } from '#shared/oci/descriptor.ts';
import type { Clock } from '../../ports.ts';
import type { ContentSource, PutBlob } from '../ends.ts';
import { isBroken, retryDelayMs } from './setbacks.ts';
import type { Throttle } from './throttle.ts';

/** Opened anew so often without a byte gained before it counts as gone. */
const TRIES = 6;
const BUFFER_BYTES = 256 * 1024;

type Options = {
  readonly source: Pick<ContentSource, 'openBlob'>;
  readonly descriptor: Descriptor;
  readonly throttle: Throttle;
  readonly clock: Clock;
  /** Bytes that came from the source, for the rate. */
  readonly onRead: (bytes: number) => void;
  /** The source broke off and is opened anew. */
  readonly onBreak: (error: unknown) => void;
  /** What the source itself tells of its tries. */
  readonly onNote: (text: string) => void;
};

/**
 * What a destination opens a blob with: from any byte on, as often as it likes, no faster than the throttle lets it. The
 * bytes are as the source gives them, opened again within the same stream where it broke off; the destination verifies them
 * before it commits them.
 */
export function meteredBlob(options: Options): PutBlob['open'] {
  return (startByte, signal) => {
    const pieces = readMetered(startByte, options, signal);
    return Promise.resolve(Readable.from(pieces, { objectMode: false, highWaterMark: BUFFER_BYTES }));
  };
}

async function* readMetered(from: number, options: Options, signal: AbortSignal): AsyncGenerator<Buffer, void, void> {
  const { source, descriptor, clock, throttle, onRead, onBreak, onNote } = options;
  let offset = from;
  let tries = 0;
  for (let isDone = false; !isDone;) {
    try {
      const stream = await source.openBlob(descriptor, { startByte: offset, onNote, signal });
      for await (const chunk of buffersOf(stream)) {
        offset += chunk.length;
        tries = 0;
        onRead(chunk.length);
        await throttle.pass(chunk.length, signal);
        yield chunk;
      }
      isDone = true;
    } catch (error) {
      signal.throwIfAborted();
      tries += 1;
      if (tries >= TRIES || !isBroken(error)) throw error;
      onBreak(error);
      await clock.sleep(retryDelayMs(tries), signal);
    }
  }
}

async function* buffersOf(stream: Readable): AsyncGenerator<Buffer, void, void> {
  for await (const chunk of stream) {
    if (Buffer.isBuffer(chunk)) yield chunk;
  }
}
