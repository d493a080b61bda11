import { GrowingBytes, GrowingF64, GrowingU32 } from '../index/growing.ts';
import type { TocChunk } from './toc-entry.ts';

/** Pieces of all files, those of entry n from `chunkStarts[n]` to `chunkStarts[n + 1]`. */
export type ChunkColumns = {
  readonly chunkStarts: Uint32Array;
  readonly chunkBlobOffsets: Float64Array;
  /** Where the next piece begins, whosever it is. */
  readonly chunkBlobEnds: Float64Array;
  readonly chunkInnerOffsets: Float64Array;
  readonly chunkSizes: Float64Array;
  /** 32 bytes each, all 0 where nothing is said; 1 in `chunkZeros` for a piece that is stored nowhere. */
  readonly chunkDigests: Uint8Array;
  readonly chunkZeros: Uint8Array;
};

const DIGEST_BYTES = 32;

/** Collects the pieces of files in the order of their entries. */
export class ChunkTable {
  readonly #starts = new GrowingU32();
  readonly #fileOffsets = new GrowingF64();
  readonly #blobOffsets = new GrowingF64();
  readonly #innerOffsets = new GrowingF64();
  readonly #sizes = new GrowingF64();
  readonly #digests = new GrowingBytes();
  readonly #zeros = new GrowingBytes();
  readonly #fileSizes = new GrowingF64();

  get count(): number {
    return this.#blobOffsets.length;
  }

  /** A new entry, whose pieces follow. */
  beginEntry(sizeBytes: number): void {
    this.#starts.push(this.count);
    this.#fileSizes.push(sizeBytes);
  }

  add(chunk: TocChunk): void {
    this.#fileOffsets.push(chunk.fileOffset);
    this.#blobOffsets.push(chunk.blobOffset);
    this.#innerOffsets.push(chunk.innerOffset);
    this.#sizes.push(chunk.size);
    this.#digests.push(chunk.digest ?? NO_DIGEST, 0, DIGEST_BYTES);
    this.#zeros.push(chunk.isZeros ? ONE : NO_DIGEST, 0, 1);
  }

  /** `contentEnd`: where the blob holds no more content. */
  finish(contentEnd: number): ChunkColumns {
    const entryCount = this.#starts.length;
    this.#starts.push(this.count);
    for (let entry = 0; entry < entryCount; entry += 1) this.#fillSizes(entry);
    const blobOffsets = this.#blobOffsets.take();
    return {
      chunkStarts: this.#starts.take(),
      chunkBlobOffsets: blobOffsets,
      chunkBlobEnds: endsOf(blobOffsets, contentEnd),
      chunkInnerOffsets: this.#innerOffsets.take(),
      chunkSizes: this.#sizes.take(),
      chunkDigests: this.#digests.take(),
      chunkZeros: this.#zeros.take(),
    };
  }

  /** A size that is not said goes to the next piece of the file, or to its end. */
  #fillSizes(entry: number): void {
    const end = this.#starts.at(entry + 1);
    for (let chunk = this.#starts.at(entry); chunk < end; chunk += 1) {
      if (this.#sizes.at(chunk) > 0) continue;
      const next = chunk + 1 < end ? this.#fileOffsets.at(chunk + 1) : this.#fileSizes.at(entry);
      this.#sizes.set(chunk, Math.max(0, next - this.#fileOffsets.at(chunk)));
    }
  }
}

function endsOf(offsets: Float64Array, contentEnd: number): Float64Array {
  if (!isAscending(offsets)) return endsAnywhere(offsets, contentEnd);
  const ends = new Float64Array(offsets.length);
  let end = contentEnd;
  for (let chunk = offsets.length - 1; chunk >= 0; chunk -= 1) {
    const offset = offsets[chunk] ?? 0;
    const next = offsets[chunk + 1] ?? offset;
    if (next > offset) end = next;
    ends[chunk] = end;
  }
  return ends;
}

/** As tables are: in the order of the blob. */
function isAscending(offsets: Float64Array): boolean {
  for (let chunk = 1; chunk < offsets.length; chunk += 1) {
    if ((offsets[chunk] ?? 0) < (offsets[chunk - 1] ?? 0)) return false;
  }
  return true;
}

function endsAnywhere(offsets: Float64Array, contentEnd: number): Float64Array {
  const sorted = offsets.toSorted();
  return offsets.map((offset) => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sorted[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return sorted[low] ?? contentEnd;
  });
}

const NO_DIGEST = new Uint8Array(DIGEST_BYTES);
const ONE = Uint8Array.of(1);
