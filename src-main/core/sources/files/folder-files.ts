import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { listFolder, openRegular, orAbsent, statRegular } from '../../files.ts';
import { ArchiveError } from '../../gantry-error.ts';
import { asDiskError } from '../disk-failure.ts';
import type { ArchiveFiles } from './archive-files.ts';
import { readRange } from './read-range.ts';

/**
 * The regular files below a folder. Neither they nor the folders on the way may be links (SECURITY-CASES T17): what is
 * in the folder may have come from anywhere, and must not name files of this machine.
 */
export async function openFolderFiles(root: string, name: string): Promise<ArchiveFiles> {
  const sizeBytes = await asDiskError(name, () => sizeOfBlobs(root));
  const statFile = (path: string) =>
    asDiskError(name, async () => {
      if (!(await hasRealFolders(root, path))) return undefined;
      return statRegular(join(root, path));
    });
  const openFile = async (path: string) => {
    const stats = await statFile(path);
    const handle = stats === undefined ? undefined : await asDiskError(name, () => openRegular(join(root, path)));
    if (handle === undefined) throw new ArchiveError('missing-blob', name, path);
    return { handle, sizeBytes: (await handle.stat()).size };
  };
  return {
    name,
    sizeBytes,
    sizeOf: async (path) => (await statFile(path))?.size,
    readSmall: async (path, limitBytes, { signal }) => {
      const { handle, sizeBytes } = await openFile(path);
      try {
        signal.throwIfAborted();
        if (sizeBytes > limitBytes) throw new ArchiveError('too-large', name, path);
        return await asDiskError(name, () => handle.readFile());
      } finally {
        await handle.close();
      }
    },
    openFile: async (path, { startByte, signal }) => {
      const { handle, sizeBytes } = await openFile(path);
      const stream = readRange(handle, { start: startByte, end: sizeBytes }, name, signal);
      stream.once('close', () => void handle.close());
      return stream;
    },
    close: async () => undefined,
  };
}

/** The folders that lead to `path` are folders, not links to some. */
async function hasRealFolders(root: string, path: string): Promise<boolean> {
  const parents = path.split('/').slice(0, -1);
  for (const [index] of parents.entries()) {
    const stats = await orAbsent(lstat(join(root, ...parents.slice(0, index + 1))));
    if (stats?.isDirectory() !== true) return false;
  }
  return true;
}

/** For people; what is no regular file counts nothing. */
async function sizeOfBlobs(root: string): Promise<number> {
  let sum = 0;
  for (const algorithm of await listFolder(join(root, 'blobs'))) {
    if (!algorithm.isDirectory()) continue;
    const folder = join(root, 'blobs', algorithm.name);
    const sizes = (await listFolder(folder)).map(
      async ({ name }) => (await statRegular(join(folder, name)))?.size ?? 0,
    );
    for (const size of await Promise.all(sizes)) sum += size;
  }
  return sum;
}
