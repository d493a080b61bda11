import type { FileHandle } from 'node:fs/promises';

/** Bytes of a file by position. */
export type PositionReader = {
  readonly sizeBytes: number;
  /** Exactly `length` bytes, fewer only where the file ends. The buffer may be overwritten by the next read. */
  read(position: number, length: number): Promise<Buffer>;
};

const WINDOW_BYTES = 64 * 1024;

/**
 * Reads a file by position through a window, for a walk that goes forward in small steps. The handle stays the
 * caller's.
 */
export function createPositionReader(handle: FileHandle, sizeBytes: number): PositionReader {
  let window: { readonly start: number; readonly bytes: Buffer } = { start: 0, bytes: Buffer.alloc(0) };
  return {
    sizeBytes,
    read: async (position, length) => {
      const from = position - window.start;
      if (from < 0 || from + length > window.bytes.length) {
        window = { start: position, bytes: await readAt(handle, position, Math.max(length, WINDOW_BYTES)) };
      }
      const start = position - window.start;
      return window.bytes.subarray(start, start + length);
    },
  };
}

/** Reads `length` bytes, or as many as there are. */
export async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(buffer, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}
