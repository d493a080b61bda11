import { randomUUID } from 'node:crypto';
import type { Dirent, Stats } from 'node:fs';
import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
// Absent on Windows, where opening a link made by somebody else needs rights that person would not need it for.
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;

/** True for an error of the file system with this code. */
export function hasErrorCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}

/** The result, or undefined when the file or a folder on the way is not there. */
export async function orAbsent<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

/**
 * Makes the folder and its parents, for this person only. Not by Node's own recursion: that one says "not found" of a
 * disk that is read-only, and never comes back from /proc.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: FOLDER_MODE });
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT') && dirname(path) !== path) {
      await makeFolder(dirname(path));
      await makeLast(path);
    } else if (!(await isThere(path, error))) throw error;
  }
}

/** Its parent is there now. */
async function makeLast(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: FOLDER_MODE });
  } catch (error) {
    if (!(await isThere(path, error))) throw error;
  }
}

/** True when it could not be made because somebody has made it. */
async function isThere(path: string, error: unknown): Promise<boolean> {
  return hasErrorCode(error, 'EEXIST', 'EISDIR') && (await stat(path)).isDirectory();
}

/** lstat of a regular file; undefined for anything else, links included. */
export async function statRegular(path: string): Promise<Stats | undefined> {
  const stats = await orAbsent(lstat(path));
  return stats?.isFile() === true ? stats : undefined;
}

/**
 * Opens a regular file, never through a link. The lstat comes first because opening a named pipe would wait for
 * ever, O_NOFOLLOW second because the name may change between the two.
 */
export async function openRegular(path: string, flags: number = constants.O_RDONLY): Promise<FileHandle | undefined> {
  if ((await statRegular(path)) === undefined) return undefined;
  return orAbsent(open(path, flags | NO_FOLLOW));
}

/** A whole small file; undefined when absent, not a regular file, or longer than `limitBytes`. */
export async function readSmall(path: string, limitBytes: number): Promise<Buffer | undefined> {
  const handle = await openRegular(path);
  if (handle === undefined) return undefined;
  try {
    const { size } = await handle.stat();
    return size > limitBytes ? undefined : await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** A file's parsed JSON; undefined when absent or not JSON (a file cut short by a power failure). */
export async function readJson(path: string, limitBytes = 64 * 1024): Promise<unknown> {
  const bytes = await readSmall(path, limitBytes);
  if (bytes === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return value;
  } catch {
    return undefined;
  }
}

/** Entries of a folder, sorted by name; none when it is not there. */
export async function listFolder(path: string): Promise<Dirent[]> {
  const entries = (await orAbsent(readdir(path, { withFileTypes: true }))) ?? [];
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** False when there was nothing to remove. */
export async function removeFile(path: string): Promise<boolean> {
  const done = await orAbsent(unlink(path).then(() => true));
  return done ?? false;
}

/** Writes the whole chunk at `position`; the kernel may take less than it is given. */
export async function writeAll(handle: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < chunk.byteLength;) {
    const { bytesWritten } = await handle.write(chunk, done, chunk.byteLength - done, position + done);
    done += bytesWritten;
  }
}

/** Puts files in place so that a reader sees the whole old one, the whole new one, or none. */
export type AtomicWriter = {
  write(path: string, bytes: Uint8Array | string): Promise<void>;
  /** Moves a finished file (already synced by the caller) to its place. */
  moveIn(temporaryPath: string, path: string): Promise<void>;
};

/**
 * Temporary names begin with the process id, so that a sweep on start leaves a running neighbour's files alone.
 * `durable` false leaves out fsync: still safe against a kill, not against a power failure.
 */
export function createAtomicWriter(temporaryDir: string, durable: boolean): AtomicWriter {
  const moveIn = async (temporaryPath: string, path: string) => {
    await makeFolder(dirname(path));
    try {
      await rename(temporaryPath, path);
    } catch (error) {
      // The folder was swept as empty between the two calls.
      if (!hasErrorCode(error, 'ENOENT')) throw error;
      await makeFolder(dirname(path));
      await rename(temporaryPath, path);
    }
    if (durable) await syncFolder(dirname(path));
  };
  return {
    moveIn,
    async write(path, bytes) {
      const temporaryPath = join(temporaryDir, `${process.pid}-${randomUUID()}`);
      try {
        await writeNew(temporaryPath, bytes, durable);
        await moveIn(temporaryPath, path);
      } catch (error) {
        // A full disk, most often: what was begun must not fill it further.
        await rm(temporaryPath, { force: true });
        throw error;
      }
    },
  };
}

async function writeNew(path: string, bytes: Uint8Array | string, durable: boolean): Promise<void> {
  const handle = await open(path, 'wx', FILE_MODE);
  try {
    await handle.writeFile(bytes);
    if (durable) await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a rename survive a power failure. Windows cannot open a folder, and journals renames itself. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
