import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writeAll } from '../../files.ts';

/**
 * Writes a file whole or not at all: beside its place under a name that nobody has, mode 0600, never through a link; then
 * it is moved there. What is at the place stays until then (SECURITY-CASES T06, T11, T14).
 */
export async function writeNewFile(
  path: string,
  bytes: AsyncIterable<Buffer>,
  onWritten: (writtenBytes: number) => void,
): Promise<number> {
  const temporary = join(dirname(path), `.${basename(path).slice(0, 80)}.${randomUUID()}.part`);
  const handle = await open(temporary, 'wx', 0o600);
  let written = 0;
  try {
    try {
      for await (const piece of bytes) {
        await writeAll(handle, piece, written);
        written += piece.length;
        onWritten(written);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  return written;
}
