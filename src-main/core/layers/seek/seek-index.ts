import type { Compression } from '../decompress/create-decompressor.ts';

/** Output between two points, at least. With windows packed this takes less than a hundredth of the layer. */
export const POINT_BYTES: number = 3.5 * 1024 * 1024;
/** Each such part of the output has a hash of its own, so that a file read alone can be verified. */
export const PART_BYTES: number = 256 * 1024;
/** What deflate can refer back to. */
export const WINDOW_BYTES: number = 32 * 1024;
export const HASH_BYTES = 32;
export const SEEK_MAGIC = 'GANTRYS1';

export type SeekFacts = {
  readonly digest: string;
  readonly compression: Compression;
  readonly blobBytes: number;
  readonly tarBytes: number;
};

/** Where decompression can begin, and what the output has to be. Made from a blob whose digest was verified. */
export type SeekColumns = {
  /** First whole byte of the blob to go on with. */
  readonly pointInputs: Float64Array;
  readonly pointOutputs: Float64Array;
  /** How many bits of the byte before are still to be used, and those bits. */
  readonly pointBits: Uint8Array;
  readonly pointHolds: Uint8Array;
  /** The packed windows of the points in a row, and where each ends. */
  readonly windows: Uint8Array;
  readonly windowEnds: Uint32Array;
  /** How much of the blob is needed for each part of the output and those before it. */
  readonly partInputs: Float64Array;
  readonly partHashes: Uint8Array;
};
