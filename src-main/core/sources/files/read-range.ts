import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { ArchiveError } from '../../gantry-error.ts';
import { readAt } from '../../tar/position-reader.ts';

const CHUNK_BYTES = 512 * 1024;

type Range = { readonly start: number; readonly end: number };

/**
 * The bytes of a file from `start` up to `end`. Several may be read through one handle at a time, which stays the
 * caller's. @throws {ArchiveError} `changed` when the file has become shorter
 */
export function readRange(handle: FileHandle, range: Range, archive: string, signal: AbortSignal): Readable {
  return Readable.from(chunksOf(handle, range, archive, signal), { objectMode: false, highWaterMark: CHUNK_BYTES });
}

async function* chunksOf(
  handle: FileHandle,
  { start, end }: Range,
  archive: string,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  for (let position = start; position < end;) {
    signal.throwIfAborted();
    const chunk = await readAt(handle, position, Math.min(CHUNK_BYTES, end - position));
    if (chunk.length === 0) throw new ArchiveError('changed', archive, 'it has become shorter while it was read');
    position += chunk.length;
    yield chunk;
  }
}

/** Bytes in memory as a stream. */
export function bytesStream(bytes: Uint8Array, startByte: number): Readable {
  return Readable.from(startByte < bytes.length ? [bytes.subarray(startByte)] : [], { objectMode: false });
}
