import type { FileHandle } from 'node:fs/promises';
import { writeAll } from '../../files.ts';

/**
 * The end of a pipeline that writes to a file from `start` on, and says how many bytes that were. `check` is told the
 * sum before each write, and may throw.
 */
export function writeChunks(handle: FileHandle, start = 0, check: (bytes: number) => void = () => undefined) {
  return async (source: AsyncIterable<Uint8Array>): Promise<number> => {
    let bytes = 0;
    for await (const chunk of source) {
      check(bytes + chunk.byteLength);
      await writeAll(handle, chunk, start + bytes);
      bytes += chunk.byteLength;
    }
    return bytes;
  };
}
