import { type FileHandle, rm } from 'node:fs/promises';
import { writeAll } from '../../files.ts';
import { BLOCK_BYTES } from '../../tar/header-fields.ts';
import { readAt } from '../../tar/position-reader.ts';

const CHUNK_BYTES = 1024 * 1024;

type Part = { readonly start: number; readonly offset: number; readonly sizeBytes: number };

/**
 * Moves the parts of a tar together where blobs between them never became whole; gives where they end. The log is
 * deleted first: from here on it would be wrong, and another try begins anew.
 */
export async function closeGaps(
  handle: FileHandle,
  parts: readonly Part[],
  start: number,
  logPath: string,
): Promise<number> {
  await rm(logPath, { force: true });
  let end = start;
  for (const part of parts.toSorted((one, other) => one.start - other.start)) {
    const length = part.offset - part.start + Math.ceil(part.sizeBytes / BLOCK_BYTES) * BLOCK_BYTES;
    if (part.start !== end) await move(handle, part.start, end, length);
    end += length;
  }
  return end;
}

/** Towards the beginning of the file: what is read has not been written over yet. */
async function move(handle: FileHandle, from: number, to: number, length: number): Promise<void> {
  for (let done = 0; done < length;) {
    const chunk = await readAt(handle, from + done, Math.min(CHUNK_BYTES, length - done));
    // The padding of the last part may lie beyond the end of the file.
    const bytes = chunk.length === 0 ? Buffer.alloc(Math.min(CHUNK_BYTES, length - done)) : chunk;
    await writeAll(handle, bytes, to + done);
    done += bytes.length;
  }
}
