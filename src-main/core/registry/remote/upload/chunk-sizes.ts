const KIB = 1024;
const MIB = 1024 * KIB;

/** GHCR refuses chunks above 4 MiB, and nginx bodies above 1 MiB unless told otherwise. */
const FIRST_BYTES = 3 * MIB;
const LARGEST_BYTES = 64 * MIB;
/** A registry that takes no more than this at once takes nothing. */
const SMALLEST_BYTES = 64 * KIB;

/** How much a registry takes at once, as far as it has been found out. Shared by all uploads to it. */
export type ChunkSizes = {
  /** So much in one request was too much; undefined when nothing is known to be. */
  readonly refusedBytes: number | undefined;
  /** A body of so many bytes was refused for its size. False when no smaller one makes sense. */
  refuse(bytes: number): boolean;
};

/** What one registry was found to take. */
export function createChunkSizes(): ChunkSizes {
  let refusedBytes: number | undefined;
  return {
    get refusedBytes() {
      return refusedBytes;
    },
    refuse: (bytes) => {
      refusedBytes = Math.min(refusedBytes ?? Number.POSITIVE_INFINITY, bytes);
      return refusedBytes / 2 >= SMALLEST_BYTES;
    },
  };
}

/**
 * The size of the next chunk: small at first, twice as much after each that was taken, at least what the registry asks
 * for, and half of what it has refused. `wanted` is the person's own choice.
 */
export function nextChunkBytes(
  { refusedBytes }: Pick<ChunkSizes, 'refusedBytes'>,
  upload: { readonly taken: number; readonly leastBytes: number; readonly wanted: number | undefined },
): number {
  const grown = upload.wanted ?? Math.min(LARGEST_BYTES, FIRST_BYTES * 2 ** Math.min(upload.taken, 10));
  const most = refusedBytes === undefined ? grown : Math.min(grown, Math.floor(refusedBytes / 2));
  return Math.max(most, upload.leastBytes, 1);
}
