import type { Readable } from 'node:stream';
import { SniffingDecompressor } from '../decompress/create-decompressor.ts';

/** So little that even a thousand times as much is not much. */
const FEED_BYTES = 16 * 1024;

/** Decompresses a blob from its first byte on and gives the output from `start` to `end` alone. */
export async function* readFromStart(
  open: () => Promise<Readable>,
  start: number,
  end: number,
): AsyncGenerator<Buffer, void, void> {
  const output = new OutputWindow(start, end);
  const decompressor = new SniffingDecompressor((bytes) => output.add(bytes));
  const source = await open();
  try {
    for await (const chunk of source) {
      const bytes: Buffer = chunk;
      for (let at = 0; at < bytes.length; at += FEED_BYTES) {
        await decompressor.write(bytes.subarray(at, at + FEED_BYTES));
        yield* output.take();
        if (output.isPast) return;
      }
    }
    await decompressor.end();
    yield* output.take();
  } finally {
    decompressor.destroy();
    source.destroy();
  }
}

class OutputWindow {
  readonly #start: number;
  readonly #end: number;
  #position = 0;
  #ready: Buffer[] = [];

  constructor(start: number, end: number) {
    this.#start = start;
    this.#end = end;
  }

  get isPast(): boolean {
    return this.#position >= this.#end;
  }

  add(bytes: Buffer): void {
    const wanted = bytes.subarray(Math.max(0, this.#start - this.#position), Math.max(0, this.#end - this.#position));
    this.#position += bytes.length;
    if (wanted.length > 0) this.#ready.push(wanted);
  }

  take(): readonly Buffer[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }
}
