import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../files.ts';

/** Files that wait to be downloaded by a page. */
export type SavedDownloads = {
  /** A path for a new one. Those of longer ago, whose links are too old to be used, are deleted. */
  newPath(): Promise<string>;
  /** Deletes them all. */
  clear(): Promise<void>;
};

/** Much longer than a link is good for; a download that has begun goes on without the file's name. */
const KEPT_MS = 10 * 60_000;

export function createSavedDownloads(folder: string, now: () => number): SavedDownloads {
  const files = new Map<string, number>();
  // What another run has left; nobody has a link to it any more.
  let ready: Promise<void> | undefined;
  const clean = async (): Promise<void> => {
    await rm(folder, { recursive: true, force: true });
    await makeFolder(folder);
  };
  const prepare = (): Promise<void> =>
    (ready ??= clean().catch((error: unknown) => {
      // A disk that is full may have room the next time.
      ready = undefined;
      throw error;
    }));
  return {
    newPath: async () => {
      await prepare();
      for (const [path, madeAt] of files) {
        if (now() - madeAt < KEPT_MS) continue;
        files.delete(path);
        await rm(path, { force: true });
      }
      const path = join(folder, randomUUID());
      files.set(path, now());
      return path;
    },
    clear: async () => {
      files.clear();
      if (ready !== undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}
