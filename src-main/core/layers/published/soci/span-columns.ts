/** What is said of spans beside their columns: they cover the tar from its begin to `tarBytes`. */
export type SpanFacts = {
  readonly compression: 'gzip' | 'none';
  readonly blobBytes: number;
  readonly tarBytes: number;
};

/** Parts of the blob that can be read one by one, in their order. */
export type SpanColumns = {
  /** First whole byte in the blob, and how many bits of the one before belong to the span. */
  readonly spanInputs: Float64Array;
  readonly spanBits: Uint8Array;
  /** Where in the tar its output begins. */
  readonly spanOutputs: Float64Array;
  /** SHA-256 of its bytes in the blob, 32 bytes each. */
  readonly spanDigests: Uint8Array;
  /** What it may refer back to, packed, in a row, and where each ends. */
  readonly spanWindows: Uint8Array;
  readonly spanWindowEnds: Uint32Array;
};

/** What deflate can refer back to. */
export const WINDOW_BYTES: number = 32 * 1024;
export const DIGEST_BYTES = 32;
/** A span is held in memory until its digest is known to be right. 4 MiB of output is what the tool makes. */
export const MAX_SPAN_BYTES: number = 16 * 1024 * 1024;
