import type { Unpacked } from '../column-file/format.ts';
import type { ChunkColumns } from './chunk-table.ts';

/** A piece of one file as the published index has it. */
export type StoredChunk = {
  readonly blobOffset: number;
  readonly blobEnd: number;
  readonly innerOffset: number;
  readonly size: number;
  /** SHA-256 of the piece. */
  readonly digest: Uint8Array | undefined;
  readonly isZeros: boolean;
};

const DIGEST_BYTES = 32;

/** The pieces of the files of a layer. */
export class StoredChunks {
  readonly #columns: ChunkColumns;

  constructor(columns: ChunkColumns) {
    this.#columns = columns;
  }

  /** Of the entry with that number, in the order of the file. */
  of(order: number): readonly StoredChunk[] {
    const { chunkStarts, chunkBlobOffsets, chunkBlobEnds, chunkInnerOffsets, chunkSizes, chunkDigests, chunkZeros } =
      this.#columns;
    const chunks: StoredChunk[] = [];
    for (let at = chunkStarts[order] ?? 0; at < (chunkStarts[order + 1] ?? 0); at += 1) {
      const digest = chunkDigests.subarray(at * DIGEST_BYTES, (at + 1) * DIGEST_BYTES);
      chunks.push({
        blobOffset: chunkBlobOffsets[at] ?? 0,
        blobEnd: chunkBlobEnds[at] ?? 0,
        innerOffset: chunkInnerOffsets[at] ?? 0,
        size: chunkSizes[at] ?? 0,
        digest: digest.some((byte) => byte !== 0) ? digest : undefined,
        isZeros: chunkZeros[at] === 1,
      });
    }
    return chunks;
  }
}

/** What stands beside an index that was made of a table in the blob. @throws {DamagedFileError} */
export function unpackChunks({ u8, u32, f64 }: Unpacked): StoredChunks {
  return new StoredChunks({
    chunkStarts: u32('chunkStarts'),
    chunkBlobOffsets: f64('chunkBlobOffsets'),
    chunkBlobEnds: f64('chunkBlobEnds'),
    chunkInnerOffsets: f64('chunkInnerOffsets'),
    chunkSizes: f64('chunkSizes'),
    chunkDigests: u8('chunkDigests'),
    chunkZeros: u8('chunkZeros'),
  });
}
