import type { Decompressor, Output } from './decompressor.ts';
import { isGzip } from './gzip-header.ts';
import { Gunzip } from './gzip.ts';
import { isZstd } from './zstd-frames.ts';
import { Unzstd } from './zstd.ts';

export type Compression = 'gzip' | 'zstd' | 'none';

/** How many bytes tell. */
const SNIFFED_BYTES = 4;

/** By the first bytes: media types are often wrong. */
export function sniffCompression(start: Buffer): Compression {
  if (isGzip(start)) return 'gzip';
  return isZstd(start) ? 'zstd' : 'none';
}

/** Decompresses whatever comes, as its first bytes say. `compression` is known once there were a few. */
export class SniffingDecompressor implements Decompressor {
  readonly #output: Output;
  #inner: Decompressor | undefined;
  #start: Buffer = Buffer.alloc(0);
  compression: Compression | undefined;

  constructor(output: Output) {
    this.#output = output;
  }

  async write(chunk: Buffer): Promise<void> {
    if (this.#inner === undefined) {
      this.#start = Buffer.concat([this.#start, chunk]);
      if (this.#start.length >= SNIFFED_BYTES) await this.#begin();
    } else {
      await this.#inner.write(chunk);
    }
  }

  async end(): Promise<{ readonly hasGarbage: boolean }> {
    if (this.#inner === undefined) await this.#begin();
    return (await this.#inner?.end()) ?? { hasGarbage: false };
  }

  destroy(): void {
    this.#inner?.destroy();
  }

  async #begin(): Promise<void> {
    this.compression = sniffCompression(this.#start);
    this.#inner = create(this.compression, this.#output);
    const start = this.#start;
    this.#start = Buffer.alloc(0);
    await this.#inner.write(start);
  }
}

function create(compression: Compression, output: Output): Decompressor {
  if (compression === 'gzip') return new Gunzip(output);
  if (compression === 'zstd') return new Unzstd(output);
  return {
    write: async (chunk) => output(chunk),
    end: () => Promise.resolve({ hasGarbage: false }),
    destroy: () => undefined,
  };
}
