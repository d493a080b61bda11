import { inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import { DamagedFileError } from '../column-file/damaged-file-error.ts';
import { unpackColumns } from '../column-file/unpack-columns.ts';
import type { Compression } from '../decompress/create-decompressor.ts';
import type { ResumedBody } from '../decompress/gzip.ts';
import { bitPrefix } from './bit-prefix.ts';
import { HASH_BYTES, PART_BYTES, SEEK_MAGIC, type SeekColumns, type SeekFacts, WINDOW_BYTES } from './seek-index.ts';

const factsSchema = z.object({
  digest: z.string(),
  compression: z.enum(['gzip', 'zstd', 'none']),
  blobBytes: z.number(),
  tarBytes: z.number(),
});

/** What to read of a blob for some bytes of the tar, and what to do with it. */
export type ReadPlan = {
  /** Of the blob; `endByte` is not among them. */
  readonly startByte: number;
  readonly endByte: number;
  readonly compression: Compression;
  /** The place is in the middle of a gzip member. */
  readonly resumed?: ResumedBody;
  /** Where in the tar the output begins; the first part that is wanted, and the one after the last. */
  readonly outputStart: number;
  readonly firstPart: number;
  readonly endPart: number;
};

/** What is known of where to begin reading a layer. */
export class StoredSeek {
  readonly facts: SeekFacts;
  readonly #columns: SeekColumns;

  constructor(facts: SeekFacts, columns: SeekColumns) {
    this.facts = facts;
    this.#columns = columns;
  }

  /** For the bytes of the tar from `start` to `end`, at least one. */
  plan(start: number, end: number): ReadPlan {
    const firstPart = Math.floor(start / PART_BYTES);
    const endPart = Math.ceil(Math.min(end, this.facts.tarBytes) / PART_BYTES);
    const { pointInputs, pointOutputs, pointBits, partInputs } = this.#columns;
    const point = lastNotAbove(pointOutputs, firstPart * PART_BYTES);
    const { compression, blobBytes } = this.facts;
    const bits = pointBits[point] ?? 0;
    const window = this.#window(point);
    const isResumed = compression === 'gzip';
    return {
      startByte: pointInputs[point] ?? 0,
      endByte: partInputs[endPart - 1] ?? blobBytes,
      compression,
      ...(isResumed && { resumed: { dictionary: window, prefix: bitPrefix(bits, this.#hold(point)) } }),
      outputStart: pointOutputs[point] ?? 0,
      firstPart,
      endPart,
    };
  }

  /** How long a part is, and its hash. */
  partBytes(part: number): number {
    return Math.min(PART_BYTES, this.facts.tarBytes - part * PART_BYTES);
  }

  partHash(part: number): Uint8Array {
    return this.#columns.partHashes.subarray(part * HASH_BYTES, (part + 1) * HASH_BYTES);
  }

  #hold(point: number): number {
    return this.#columns.pointHolds[point] ?? 0;
  }

  #window(point: number): Buffer {
    const { windows, windowEnds } = this.#columns;
    const packed = windows.subarray(point === 0 ? 0 : windowEnds[point - 1], windowEnds[point]);
    if (packed.length === 0) return Buffer.alloc(0);
    return inflateRawSync(packed, { maxOutputLength: WINDOW_BYTES });
  }
}

/** @throws {DamagedFileError} */
export function unpackSeek(file: Buffer): StoredSeek {
  const { facts, u8, u32, f64 } = unpackColumns(SEEK_MAGIC, file);
  const parsed = factsSchema.safeParse(facts);
  if (!parsed.success) throw new DamagedFileError('its facts are others');
  return new StoredSeek(parsed.data, {
    pointInputs: f64('pointInputs'),
    pointOutputs: f64('pointOutputs'),
    pointBits: u8('pointBits'),
    pointHolds: u8('pointHolds'),
    windows: u8('windows'),
    windowEnds: u32('windowEnds'),
    partInputs: f64('partInputs'),
    partHashes: u8('partHashes'),
  });
}

function lastNotAbove(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}
