import { deflateRawSync } from 'node:zlib';
import { DecompressError } from '../../decompress/decompressor.ts';
import { GrowingBytes, GrowingF64, GrowingU32 } from '../../index/growing.ts';
import { FlatBuffer, type FlatTable } from './flat-buffer.ts';
import { DIGEST_BYTES, MAX_SPAN_BYTES, type SpanColumns, type SpanFacts, WINDOW_BYTES } from './span-columns.ts';

/** Numbers of fields in the tables `CompressionInfo` and `TarZinfo`. */
const INFO = { algorithm: 0, maxSpan: 1, digests: 2, checkpoints: 3 } as const;
const TAR_INFO = { spanSize: 1, size: 2 } as const;
const GZIP = 1;
const NONE = 2;

/** Number of points and size of a span; then each point: where in the blob, where in the tar, bits, window. */
const HEAD_BYTES = 12;
const POINT_HEAD_BYTES = 17;
const POINT_BYTES = POINT_HEAD_BYTES + WINDOW_BYTES;
/** Older tables leave out the first point, which is then behind a gzip header without a name. */
const FIRST_INPUT = 10;
const NO_WINDOW = Buffer.alloc(0);
const SHA256 = /^sha256:([0-9a-f]{64})$/;

type Point = { readonly input: number; readonly output: number; readonly bits: number; readonly window: Buffer };

/**
 * Where reading can begin, and what is there. @throws {DecompressError} `bad-compression` for spans that do not follow
 * one another through the blob, or are too large to be checked before they are used
 */
export function readSpans(
  info: FlatTable,
  { blobBytes, tarBytes }: Omit<SpanFacts, 'compression'>,
): { readonly facts: SpanFacts; readonly columns: SpanColumns } {
  const algorithm = info.int8(INFO.algorithm, GZIP);
  if (algorithm !== GZIP && algorithm !== NONE) throw wrong('an unknown compression');
  const compression = algorithm === GZIP ? 'gzip' : 'none';
  const count = info.int32(INFO.maxSpan) + 1;
  const data = info.bytes(INFO.checkpoints);
  const points = compression === 'gzip' ? gzipPoints(data, count) : tarPoints(data, count, blobBytes);
  const spans = new SpanTable();
  for (const digest of info.strings(INFO.digests)) spans.addDigest(digest);
  // Digests take room in the table, so that from here on the number is no mere claim.
  if (count < 1 || spans.digestCount !== count) throw wrong('another number of spans than it says');
  for (const point of points) spans.add(point);
  return { facts: { compression, blobBytes, tarBytes }, columns: spans.finish({ blobBytes, tarBytes }) };
}

function* gzipPoints(data: Buffer, count: number): Generator<Point, void, void> {
  const stored = (data.length - HEAD_BYTES) / POINT_BYTES;
  const isFirstStored = stored === count;
  if (data.length < HEAD_BYTES || data.readInt32LE(0) !== count || (!isFirstStored && stored !== count - 1)) {
    throw wrong('another number of spans than it says');
  }
  if (!isFirstStored) yield { input: FIRST_INPUT, output: 0, bits: 0, window: NO_WINDOW };
  for (let at = HEAD_BYTES; at < data.length; at += POINT_BYTES) {
    yield {
      input: Number(data.readBigInt64LE(at)),
      output: Number(data.readBigInt64LE(at + 8)),
      bits: data.readUInt8(at + 16),
      window: data.subarray(at + POINT_HEAD_BYTES, at + POINT_BYTES),
    };
  }
}

/** Of a tar that is not compressed only the size of its spans is said. */
function* tarPoints(data: Buffer, count: number, blobBytes: number): Generator<Point, void, void> {
  const info = new FlatBuffer(data).root();
  const spanBytes = info.size(TAR_INFO.spanSize);
  const isRight = info.size(TAR_INFO.size) === blobBytes && count === Math.ceil(blobBytes / spanBytes);
  if (!isRight) throw wrong('another number of spans than it says');
  for (let at = 0; at < blobBytes; at += spanBytes) yield { input: at, output: at, bits: 0, window: NO_WINDOW };
}

class SpanTable {
  readonly #inputs = new GrowingF64();
  readonly #outputs = new GrowingF64();
  readonly #bits = new GrowingBytes();
  readonly #digests = new GrowingBytes();
  readonly #windows = new GrowingBytes();
  readonly #windowEnds = new GrowingU32();

  add({ input, output, bits, window }: Point): void {
    const isSafe = Number.isSafeInteger(input) && Number.isSafeInteger(output) && bits <= 7;
    const start = bits === 0 ? input : input - 1;
    if (!isSafe || start < 0 || !this.#goesOn(input, output)) throw wrong('spans that do not follow one another');
    this.#inputs.push(input);
    this.#outputs.push(output);
    this.#bits.push(Uint8Array.of(bits), 0, 1);
    const packed = window.length === 0 ? window : deflateRawSync(window);
    this.#windows.push(packed, 0, packed.length);
    this.#windowEnds.push(this.#windows.length);
  }

  addDigest(text: Buffer): void {
    const hex = SHA256.exec(text.toString('latin1'))?.[1];
    if (hex === undefined) throw wrong('a span without a SHA-256');
    this.#digests.push(Buffer.from(hex, 'hex'), 0, DIGEST_BYTES);
  }

  get digestCount(): number {
    return this.#digests.length / DIGEST_BYTES;
  }

  finish({ blobBytes, tarBytes }: Omit<SpanFacts, 'compression'>): SpanColumns {
    const last = this.#inputs.length - 1;
    if (!this.#fits(this.#inputs.at(last), blobBytes) || this.#outputs.at(last) > tarBytes) {
      throw wrong('spans of another layer');
    }
    return {
      spanInputs: this.#inputs.view(),
      spanOutputs: this.#outputs.view(),
      spanBits: this.#bits.view(),
      spanDigests: this.#digests.view(),
      spanWindows: this.#windows.view(),
      spanWindowEnds: this.#windowEnds.view(),
    };
  }

  #goesOn(input: number, output: number): boolean {
    const last = this.#outputs.length - 1;
    if (last < 0) return output === 0;
    return output > this.#outputs.at(last) && this.#fits(this.#inputs.at(last), input);
  }

  #fits(start: number, end: number): boolean {
    return start < end && end - start <= MAX_SPAN_BYTES;
  }
}

function wrong(what: string): DecompressError {
  return new DecompressError('bad-compression', `a table of contents with ${what}`);
}
