import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { RegistryError } from '../../registry/transport/registry-error.ts';
import { SniffingDecompressor } from '../decompress/create-decompressor.ts';
import { DecompressError } from '../decompress/decompressor.ts';
import type { OpenRange } from '../seek/read-parts.ts';
import type { PublishedContent } from './published-content.ts';
import type { StoredChunk, StoredChunks } from './stored-chunks.ts';

/** A piece up to this is held until its digest is known to be right. Programs make pieces of 4 MiB and less. */
const MAX_HELD_BYTES = 16 * 1024 * 1024;
const FEED_BYTES = 16 * 1024;
const ZEROS = Buffer.alloc(64 * 1024);

/** Files as their pieces are stored, each piece in a stream of its own. */
export function contentOfChunks(all: StoredChunks): PublishedContent {
  return {
    find: ({ order }) => {
      const chunks = all.of(order);
      if (chunks.length === 0) return undefined;
      return { isChecked: areVerifiable(chunks), read: (open) => readChunks(chunks, open) };
    },
  };
}

/** True when every byte is checked against the index before it is given. */
function areVerifiable(chunks: readonly StoredChunk[]): boolean {
  return chunks.every(({ digest, size, isZeros }) => isZeros || (digest !== undefined && size <= MAX_HELD_BYTES));
}

/**
 * The content of a file from its pieces, by one request for all of them. A piece with another digest than the index says
 * is refused.
 * @throws {RegistryError} `digest-mismatch`, and what the range fails with
 */
async function* readChunks(chunks: readonly StoredChunk[], open: OpenRange): AsyncGenerator<Buffer, void, void> {
  const stored = chunks.filter(({ isZeros }) => !isZeros);
  const startByte = Math.min(...stored.map(({ blobOffset }) => blobOffset));
  const endByte = Math.max(...stored.map(({ blobEnd }) => blobEnd));
  const cursor = stored.length === 0 ? undefined : new RangeCursor(await open({ startByte, endByte }), startByte);
  try {
    for (const group of groupsOf(chunks)) {
      const [first] = group;
      if (first?.isZeros === true) yield* zeros(first.size);
      else if (cursor !== undefined) yield* readGroup(group, cursor);
    }
  } finally {
    cursor?.destroy();
  }
}

/** Pieces in a row that lie in one compressed stream. */
function groupsOf(chunks: readonly StoredChunk[]): ReadonlyArray<readonly StoredChunk[]> {
  const groups: StoredChunk[][] = [];
  for (const chunk of chunks) {
    const last = groups.at(-1)?.[0];
    const isTogether = last !== undefined && !last.isZeros && !chunk.isZeros && last.blobOffset === chunk.blobOffset;
    if (isTogether) groups.at(-1)?.push(chunk);
    else groups.push([chunk]);
  }
  return groups;
}

function* zeros(count: number): Generator<Buffer, void, void> {
  for (let left = count; left > 0; left -= ZEROS.length) yield ZEROS.subarray(0, left);
}

async function* readGroup(group: readonly StoredChunk[], cursor: RangeCursor): AsyncGenerator<Buffer, void, void> {
  let position = 0;
  const waiting = group.map((chunk) => new CheckedChunk(chunk));
  for await (const piece of decompressed(group, cursor)) {
    for (const chunk of waiting) yield* chunk.take(piece, position);
    position += piece.length;
  }
  for (const chunk of waiting) chunk.finish();
}

/** The output of the stream that the group lies in, up to the group's end. */
async function* decompressed(group: readonly StoredChunk[], cursor: RangeCursor): AsyncGenerator<Buffer, void, void> {
  const [first] = group;
  if (first === undefined) return;
  const end = Math.max(...group.map(({ innerOffset, size }) => innerOffset + size));
  let position = 0;
  const ready: Buffer[] = [];
  const decompressor = new SniffingDecompressor((bytes) => {
    position += bytes.length;
    ready.push(bytes);
  });
  try {
    for await (const bytes of cursor.read(first.blobOffset, first.blobEnd)) {
      await decompressor.write(bytes);
      yield* ready.splice(0);
      if (position >= end) return;
    }
  } catch (error) {
    throw error instanceof DecompressError ? mismatch(first.digest, undefined) : error;
  } finally {
    decompressor.destroy();
  }
}

/** Takes what is its own of a stream's output; gives it when it is whole and right, or at once when it is too large. */
class CheckedChunk {
  readonly #chunk: StoredChunk;
  readonly #hash = createHash('sha256');
  #held: Buffer[] = [];
  #bytes = 0;
  #isDone = false;

  constructor(chunk: StoredChunk) {
    this.#chunk = chunk;
  }

  *take(piece: Buffer, position: number): Generator<Buffer, void, void> {
    const { innerOffset, size } = this.#chunk;
    const own = piece.subarray(Math.max(0, innerOffset - position), Math.max(0, innerOffset + size - position));
    if (this.#isDone || own.length === 0) return;
    this.#hash.update(own);
    this.#bytes += own.length;
    if (size > MAX_HELD_BYTES) yield own;
    else this.#held.push(own);
    if (this.#bytes < size) return;
    this.finish();
    yield* this.#held.splice(0);
  }

  /** @throws {RegistryError} `digest-mismatch` */
  finish(): void {
    if (this.#isDone) return;
    const { digest, size } = this.#chunk;
    const actual = this.#hash.digest();
    const isRight = this.#bytes === size && (digest === undefined || actual.equals(digest));
    if (!isRight) throw mismatch(digest, actual);
    this.#isDone = true;
  }
}

/** Goes forward through a range of the blob. */
class RangeCursor {
  readonly #source: Readable;
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);
  #position: number;

  constructor(source: Readable, position: number) {
    this.#source = source;
    this.#chunks = source[Symbol.asyncIterator]();
    this.#position = position;
  }

  /** In small pieces. What is before the place, or behind the end, is not given. */
  async *read(start: number, end: number): AsyncGenerator<Buffer, void, void> {
    while (this.#position < end) {
      if (this.#rest.length === 0) {
        const next = await this.#chunks.next();
        if (next.done === true) return;
        this.#rest = next.value;
      }
      const isBefore = this.#position < start;
      const piece = this.#rest.subarray(
        0,
        isBefore ? start - this.#position : Math.min(FEED_BYTES, end - this.#position),
      );
      this.#rest = this.#rest.subarray(piece.length);
      this.#position += piece.length;
      if (!isBefore) yield piece;
    }
  }

  destroy(): void {
    this.#source.destroy();
  }
}

function mismatch(expected: Uint8Array | undefined, actual: Buffer | undefined): RegistryError {
  return new RegistryError({
    kind: 'digest-mismatch',
    expected:
      expected === undefined ? 'what the published index says' : `sha256:${Buffer.from(expected).toString('hex')}`,
    actual: actual === undefined ? 'unreadable' : `sha256:${actual.toString('hex')}`,
  });
}
