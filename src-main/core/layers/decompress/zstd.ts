import { constants, createZstdDecompress } from 'node:zlib';
import { DecompressError, type Decompressor, type Output } from './decompressor.ts';
import { Engine } from './engine.ts';
import { PIECE_BYTES } from './gzip.ts';
import { Padding } from './padding.ts';
import { ZstdFrames } from './zstd-frames.ts';

/** A window of 128 MiB: what the zstd program takes by itself. More would be memory by a stranger's choice (T02). */
export const MAX_WINDOW_LOG = 27;

/** zstd, frame after frame; each frame's end is found first and given to the library as the end of a write. */
export class Unzstd implements Decompressor {
  readonly #engine: Engine;
  readonly #frames = new ZstdFrames();
  readonly #padding = new Padding();
  #isBehind = false;
  /** The begin of a header that goes over the end of a chunk. */
  #held: Buffer = Buffer.alloc(0);

  constructor(output: Output) {
    const params = { [constants.ZSTD_d_windowLogMax]: MAX_WINDOW_LOG };
    this.#engine = new Engine(createZstdDecompress({ chunkSize: PIECE_BYTES, params }), output);
  }

  async write(chunk: Buffer): Promise<void> {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = Buffer.alloc(0);
    for (let start = 0; start < bytes.length;) {
      if (this.#isBehind) {
        this.#padding.add(bytes.subarray(start));
        return;
      }
      const { at, stop } = this.#frames.walk(bytes, start);
      if (at > start) await this.#feed(bytes.subarray(start, at));
      start = at;
      if (stop === 'no-frame') this.#isBehind = true;
      if (stop === 'needs-more') {
        this.#held = Buffer.from(bytes.subarray(at));
        return;
      }
    }
  }

  async end(): Promise<{ readonly hasGarbage: boolean }> {
    if (!this.#isBehind && !this.#frames.isBetween) {
      throw new DecompressError('truncated', 'the compressed data ends too early');
    }
    this.#padding.add(this.#held);
    await this.#engine.finish();
    return this.#padding;
  }

  destroy(): void {
    this.#engine.destroy();
  }

  async #feed(bytes: Buffer): Promise<void> {
    const { usedBytes } = await this.#engine.feed(bytes);
    // The library and we have to agree on where frames end, or output would be lost.
    if (usedBytes !== bytes.length) throw new DecompressError('bad-compression', 'a zstd frame that ends elsewhere');
  }
}
