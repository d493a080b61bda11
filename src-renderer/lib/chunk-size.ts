import { LEAST_CHUNK_BYTES, MOST_CHUNK_BYTES } from '#shared/api/registries.ts';

const MIB = 1024 * 1024;

/** What is typed as MiB, in bytes; undefined for nothing, and for what is no size that a chunk may have. */
export function readChunkBytes(text: string): number | undefined {
  const typed = text.trim();
  if (!/^\d{1,4}(?:[.,]\d{1,4})?$/.test(typed)) return undefined;
  const bytes = Math.round(Number(typed.replace(',', '.')) * MIB);
  return bytes >= LEAST_CHUNK_BYTES && bytes <= MOST_CHUNK_BYTES ? bytes : undefined;
}

/** Bytes as they are typed. */
export function writeChunkBytes(bytes: number | undefined): string {
  return bytes === undefined ? '' : String(Number((bytes / MIB).toFixed(4)));
}
