import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { constants, createZstdDecompress } from 'node:zlib';
import { type Compression, sniffCompression } from '../decompress/create-decompressor.ts';
import { DecompressError } from '../decompress/decompressor.ts';
import { Engine } from '../decompress/engine.ts';
import { ZstdFrames } from '../decompress/zstd-frames.ts';
import { MAX_WINDOW_LOG } from '../decompress/zstd.ts';
import { GzipPoints } from './gzip-points.ts';
import { SeekBuilder } from './seek-builder.ts';
import type { SeekColumns } from './seek-index.ts';

const CHUNK_BYTES = 1024 * 1024;

/** Walks through a blob; `end` gives how much of it there was. */
type Walker = { write(chunk: Buffer): void | Promise<void>; end(): number | Promise<number> };

export type BuiltSeek = {
  readonly compression: Compression;
  readonly tarBytes: number;
  readonly columns: SeekColumns;
};

/**
 * Reads a kept blob and notes where one could begin to read it. Undefined when it is not the blob of that digest any
 * more. Deflate is taken to pieces in JavaScript for it, at about 100 MB of output a second.
 * @throws {DecompressError} for a blob that cannot be decompressed whole
 */
export async function buildSeek(path: string, digest: string): Promise<BuiltSeek | undefined> {
  const builder = new SeekBuilder();
  const hash = createHash(digest.startsWith('sha512:') ? 'sha512' : 'sha256');
  let compression: Compression | undefined;
  let walker: Walker | undefined;
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
    const bytes: Buffer = chunk;
    compression ??= sniffCompression(bytes);
    walker ??= createWalker(compression, builder);
    hash.update(bytes);
    await walker.write(bytes);
  }
  const blobBytes = (await walker?.end()) ?? 0;
  if (`${digest.slice(0, 6)}:${hash.digest('hex')}` !== digest || compression === undefined) return undefined;
  const tarBytes = builder.outputBytes;
  return { compression, tarBytes, columns: builder.finish(blobBytes) };
}

function createWalker(compression: Compression, builder: SeekBuilder): Walker {
  if (compression === 'gzip') return new GzipPoints(builder);
  return compression === 'zstd' ? new ZstdPoints(builder) : new PlainPoints(builder);
}

/** Every place is one to begin at. */
class PlainPoints implements Walker {
  readonly #builder: SeekBuilder;
  #position = 0;

  constructor(builder: SeekBuilder) {
    this.#builder = builder;
  }

  write(chunk: Buffer): void {
    for (let at = 0; at < chunk.length;) {
      this.#builder.offer({ input: this.#position, bits: 0, hold: 0 }, false);
      const piece = chunk.subarray(at, at + this.#builder.room.length);
      at += piece.length;
      this.#position += piece.length;
      this.#builder.add(piece, this.#position);
    }
  }

  end(): number {
    return this.#position;
  }
}

/** One can begin where a frame does. A layer of a single frame, as most are, has one such place. */
class ZstdPoints implements Walker {
  readonly #builder: SeekBuilder;
  readonly #frames = new ZstdFrames();
  readonly #engine: Engine;
  #held: Buffer = Buffer.alloc(0);
  #position = 0;
  #isBehind = false;

  constructor(builder: SeekBuilder) {
    this.#builder = builder;
    const params = { [constants.ZSTD_d_windowLogMax]: MAX_WINDOW_LOG };
    this.#engine = new Engine(createZstdDecompress({ params }), (bytes) => builder.add(bytes, 0));
  }

  async write(chunk: Buffer): Promise<void> {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = Buffer.alloc(0);
    for (let start = 0; start < bytes.length;) {
      if (this.#isBehind) break;
      if (this.#frames.isBetween) this.#builder.offer({ input: this.#position, bits: 0, hold: 0 }, false);
      const { at, stop } = this.#frames.walk(bytes, start);
      if (at > start) await this.#engine.feed(bytes.subarray(start, at));
      this.#position += at - start;
      start = at;
      if (stop === 'frame-end') this.#builder.settle(this.#position);
      if (stop === 'no-frame') this.#isBehind = true;
      if (stop === 'needs-more') {
        this.#held = Buffer.from(bytes.subarray(at));
        break;
      }
    }
  }

  async end(): Promise<number> {
    if (!this.#isBehind && !this.#frames.isBetween) throw new DecompressError('truncated', 'a frame without end');
    await this.#engine.finish();
    return this.#position;
  }
}
