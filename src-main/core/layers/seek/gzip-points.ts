import { inflate, inflateInit2 } from 'pako/lib/zlib/inflate.js';
import ZStream from 'pako/lib/zlib/zstream.js';
import { DecompressError } from '../decompress/decompressor.ts';
import { gzipHeaderBytes, isGzip } from '../decompress/gzip-header.ts';
import type { SeekBuilder } from './seek-builder.ts';

const Z_BLOCK = 5;
const Z_OK = 0;
const Z_STREAM_END = 1;
const Z_BUF_ERROR = -5;
const RAW = -15;
const TRAILER_BYTES = 8;
/** Bits of `data_type`: stopped at the end of a block, and that was the last one. */
const BLOCK_END = 128;
const LAST_BLOCK = 64;

/** Walks through a gzip blob block by block and offers each end of one as a point. In this thread, and slowly. */
export class GzipPoints {
  readonly #builder: SeekBuilder;
  readonly #stream = new ZStream();
  #state: 'header' | 'body' | 'trailer' | 'behind' = 'header';
  #held: Buffer = Buffer.alloc(0);
  /** Bytes of the blob before `held`. */
  #position = 0;
  #memberOutput = 0;

  constructor(builder: SeekBuilder) {
    this.#builder = builder;
  }

  /** @throws {DecompressError} */
  write(chunk: Buffer): void {
    let rest = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    for (;;) {
      const used = rest.length === 0 ? undefined : this.#step(rest);
      if (used === undefined) break;
      rest = rest.subarray(used);
      this.#position += used;
    }
    this.#held = Buffer.from(rest);
  }

  end(): number {
    return this.#position;
  }

  /** How many bytes one step used; undefined when it needs more. */
  #step(bytes: Buffer): number | undefined {
    if (this.#state === 'header') return this.#readHeader(bytes);
    if (this.#state === 'body') return this.#readBody(bytes);
    if (this.#state === 'behind') return bytes.length;
    if (bytes.length < TRAILER_BYTES) return undefined;
    this.#state = 'header';
    return TRAILER_BYTES;
  }

  #readHeader(bytes: Buffer): number | undefined {
    if (this.#position > 0 && bytes.length > 1 && !isGzip(bytes)) {
      this.#state = 'behind';
      return bytes.length;
    }
    const length = gzipHeaderBytes(bytes);
    if (length === undefined) return undefined;
    this.#state = 'body';
    this.#memberOutput = this.#builder.outputBytes;
    // Not a reset: pako's leaves the window without a size.
    inflateInit2(this.#stream, RAW);
    this.#builder.offer({ input: this.#position + length, bits: 0, hold: 0 }, false);
    return length;
  }

  #readBody(bytes: Buffer): number {
    const stream = this.#stream;
    stream.input = bytes;
    stream.next_in = 0;
    stream.avail_in = bytes.length;
    while (stream.avail_in > 0) {
      const { room } = this.#builder;
      stream.output = room;
      stream.next_out = 0;
      stream.avail_out = room.length;
      const result = inflate(stream, Z_BLOCK);
      this.#builder.wrote(stream.next_out, this.#position + stream.next_in);
      if (result === Z_STREAM_END) {
        this.#state = 'trailer';
        break;
      }
      if (result !== Z_OK && result !== Z_BUF_ERROR) throw new DecompressError('bad-compression', 'a damaged block');
      this.#offerPoint();
    }
    return stream.next_in;
  }

  #offerPoint(): void {
    const { data_type: type, next_in: used, state } = this.#stream;
    if ((type & BLOCK_END) === 0 || (type & LAST_BLOCK) !== 0 || state.bits > 7) return;
    const hasWindow = this.#builder.outputBytes > this.#memberOutput;
    this.#builder.offer({ input: this.#position + used, bits: state.bits, hold: state.hold }, hasWindow);
  }
}
