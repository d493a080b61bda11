import { crc32, createGunzip, createInflateRaw } from 'node:zlib';
import { DecompressError, type Decompressor, type Output } from './decompressor.ts';
import { Engine } from './engine.ts';
import { gzipHeaderBytes, isGzip } from './gzip-header.ts';
import { Padding } from './padding.ts';

/** Output pieces: each costs two threads a wake-up, so they are large; two or three of them exist at a time. */
export const PIECE_BYTES: number = 1024 * 1024;
const TRAILER_BYTES = 8;
const NOTHING = Buffer.alloc(0);
/**
 * Members that are read one by one. eStargz has one for every file: after so many node:zlib's own loop over members
 * takes over, which is faster by far and has one fault, that garbage behind the last member costs the last output.
 */
const SINGLE_MEMBERS = 64;

/** Where to begin inside a member: what the data may refer back to, and bits that make the first byte a whole one. */
export type ResumedBody = { readonly dictionary: Buffer; readonly prefix: Buffer };

/**
 * gzip, member after member. The parts of a member are read here and only the deflate stream by zlib: so the end of
 * the last member is known, and what follows can be told to be padding or garbage (T03).
 * Spec: RFC 1952.
 */
export class Gunzip implements Decompressor {
  readonly #output: Output;
  readonly #padding = new Padding();
  #state: 'header' | 'body' | 'trailer' | 'bulk' | 'padding' = 'header';
  #engine: Engine | undefined;
  /** The begin of a header or trailer that goes over the end of a chunk. */
  #held: Buffer = NOTHING;
  #members = 0;
  #crc = 0;
  #memberBytes = 0;
  #isCheckable = true;

  /** `resumed`: the first bytes that come are in the middle of a member, whose checksum can then not be known. */
  constructor(output: Output, resumed?: ResumedBody) {
    this.#output = output;
    if (resumed === undefined) return;
    const { dictionary, prefix } = resumed;
    this.#engine = new Engine(createInflateRaw({ chunkSize: PIECE_BYTES, dictionary }), (piece) => this.#take(piece));
    this.#held = prefix;
    this.#members = 1;
    this.#isCheckable = false;
    this.#state = 'body';
  }

  async write(chunk: Buffer): Promise<void> {
    let rest: Buffer = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = NOTHING;
    while (rest.length > 0) {
      const next = await this.#step(rest);
      if (next === undefined) {
        this.#held = Buffer.from(rest);
        return;
      }
      rest = next;
    }
  }

  async end(): Promise<{ readonly hasGarbage: boolean }> {
    if (this.#state === 'bulk') await this.#engine?.finish();
    const isBetween = this.#state === 'header' && this.#members > 0;
    if (isBetween && this.#held.length > 0) return { hasGarbage: true };
    if (isBetween || this.#state === 'bulk' || this.#state === 'padding') return this.#padding;
    throw new DecompressError('truncated', 'the compressed data ends too early');
  }

  destroy(): void {
    this.#engine?.destroy();
  }

  /** What is left of the bytes after one step; undefined when more are needed for it. */
  async #step(bytes: Buffer): Promise<Buffer | undefined> {
    if (this.#state === 'header') return this.#readHeader(bytes);
    if (this.#state === 'body') return this.#readBody(bytes);
    if (this.#state === 'trailer') return this.#readTrailer(bytes);
    if (this.#state === 'bulk') await this.#engine?.feed(bytes);
    else this.#padding.add(bytes);
    return NOTHING;
  }

  #readHeader(bytes: Buffer): Buffer | undefined {
    if (this.#members > 0) {
      if (bytes.length < 2 && bytes[0] === 0x1f) return undefined;
      if (!isGzip(bytes)) {
        this.#state = 'padding';
        return bytes;
      }
      if (this.#members === SINGLE_MEMBERS) {
        this.#state = 'bulk';
        this.#engine = new Engine(createGunzip({ chunkSize: PIECE_BYTES }), this.#output);
        return bytes;
      }
    }
    const length = gzipHeaderBytes(bytes);
    if (length === undefined) return undefined;
    this.#members += 1;
    this.#crc = 0;
    this.#memberBytes = 0;
    this.#engine = new Engine(createInflateRaw({ chunkSize: PIECE_BYTES }), (output) => this.#take(output));
    this.#state = 'body';
    return bytes.subarray(length);
  }

  async #readBody(bytes: Buffer): Promise<Buffer> {
    const { usedBytes, isOver } = (await this.#engine?.feed(bytes)) ?? { usedBytes: 0, isOver: true };
    if (!isOver) return NOTHING;
    this.#engine = undefined;
    this.#state = 'trailer';
    return bytes.subarray(usedBytes);
  }

  #readTrailer(bytes: Buffer): Buffer | undefined {
    if (bytes.length < TRAILER_BYTES) return undefined;
    const isRight = bytes.readUInt32LE(0) === this.#crc && bytes.readUInt32LE(4) === this.#memberBytes % 2 ** 32;
    if (this.#isCheckable && !isRight) {
      throw new DecompressError('bad-compression', 'the checksum of the compressed data is wrong');
    }
    this.#state = 'header';
    this.#isCheckable = true;
    return bytes.subarray(TRAILER_BYTES);
  }

  /** In this thread, beside the inflating in the pool. */
  #take(output: Buffer): void {
    this.#crc = crc32(output, this.#crc);
    this.#memberBytes += output.length;
    this.#output(output);
  }
}
