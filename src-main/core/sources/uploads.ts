import { randomUUID } from 'node:crypto';
import { open, rm, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { listFolder, makeFolder } from '../files.ts';
import { ArchiveError, DiskError, NotFoundError } from '../gantry-error.ts';
import type { Clock } from '../ports.ts';
import type { BeginUpload } from './archive.ts';
import { asDiskError, toDiskError } from './disk-failure.ts';
import { entryPath } from './files/entry-path.ts';
import { writeChunks } from './files/write-chunks.ts';

/** What is being sent by a page, in a folder of its own. */
type Upload = BeginUpload & { receivedBytes: number; receivedFiles: number; lastAtMs: number };

export type Uploads = {
  begin(upload: BeginUpload): Promise<string>;
  receive(id: string, path: string, bytes: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void>;
  /** No more files are taken. @throws {NotFoundError} */
  end(id: string): { readonly name: string };
  isOpen(id: string): boolean;
  /** Where what was received lies. */
  pathOf(id: string): string;
  remove(id: string): Promise<void>;
  /** Deletes all but these, and but those that are still being sent. */
  keepOnly(ids: ReadonlySet<string>): Promise<void>;
};

const CONTENT = 'content';
const MAX_FILES = 100_000;
const MAX_PATH_LENGTH = 1024;
/** Left free on the disk, for everything else that writes there. */
const RESERVE_BYTES = 64 * 1024 * 1024;
/** A page that has sent nothing for so long is gone. */
const IDLE_MS = 60 * 60 * 1000;

/** Uploads below `dir`. Names of files come from a page, and are names of an archive or refused. */
export function createUploads(dir: string, clock: Pick<Clock, 'now'>): Uploads {
  const uploads = new Map<string, Upload>();
  const folderOf = (id: string) => join(dir, id);
  const find = (id: string): Upload => {
    const upload = uploads.get(id);
    if (upload === undefined) throw new NotFoundError('archive');
    return upload;
  };
  const remove = async (id: string): Promise<void> => {
    uploads.delete(id);
    await rm(folderOf(id), { recursive: true, force: true });
  };
  return {
    begin: async (begun) => {
      for (const [id, { lastAtMs }] of uploads) if (clock.now() - lastAtMs > IDLE_MS) await remove(id);
      const id = randomUUID();
      await asDiskError(begun.name, async () => {
        await makeFolder(dir);
        await checkRoom(dir, begun);
        await makeFolder(begun.kind === 'file' ? folderOf(id) : join(folderOf(id), CONTENT));
      });
      uploads.set(id, { ...begun, receivedBytes: 0, receivedFiles: 0, lastAtMs: clock.now() });
      return id;
    },
    receive: async (id, path, bytes, signal) => {
      const upload = find(id);
      upload.lastAtMs = clock.now();
      const target = join(folderOf(id), CONTENT, ...relativeParts(upload, path));
      upload.receivedFiles += 1;
      if (upload.receivedFiles > MAX_FILES) throw new ArchiveError('too-large', upload.name, 'too many files');
      await receiveFile(upload, target, bytes, { signal, now: () => clock.now() });
    },
    end: (id) => {
      const { name } = find(id);
      uploads.delete(id);
      return { name };
    },
    isOpen: (id) => uploads.has(id),
    pathOf: (id) => join(folderOf(id), CONTENT),
    remove,
    keepOnly: async (ids) => {
      for (const { name } of await listFolder(dir)) {
        if (!ids.has(name) && !uploads.has(name)) await remove(name);
      }
    },
  };
}

/** Below the folder of the upload; a single file has no name of its own there. @throws {ArchiveError} `bad-path` */
function relativeParts({ kind, name }: Upload, path: string): readonly string[] {
  if (kind === 'file') return [];
  const inside = path.length > MAX_PATH_LENGTH ? undefined : entryPath(path);
  if (inside === undefined || inside === '') throw new ArchiveError('bad-path', name, path);
  return inside.split('/');
}

async function checkRoom(dir: string, { sizeBytes, name }: BeginUpload): Promise<void> {
  const { bavail, bsize } = await statfs(dir);
  if (bavail * bsize - RESERVE_BYTES < sizeBytes) throw new DiskError('there is too little room', { place: name });
}

type Receiving = { readonly signal: AbortSignal; readonly now: () => number };

async function receiveFile(
  upload: Upload,
  target: string,
  bytes: AsyncIterable<Uint8Array>,
  { signal, now }: Receiving,
): Promise<void> {
  let taken = 0;
  const check = (sum: number) => {
    upload.receivedBytes += sum - taken;
    taken = sum;
    upload.lastAtMs = now();
    if (upload.receivedBytes <= upload.sizeBytes) return;
    throw new ArchiveError('too-large', upload.name, `more than the ${upload.sizeBytes} bytes that were announced`);
  };
  try {
    await makeFolder(dirname(target));
    const handle = await open(target, 'wx', 0o600);
    try {
      await pipeline(bytes, writeChunks(handle, 0, check), { signal });
    } catch (error) {
      await rm(target, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
  } catch (error) {
    // What is deleted may be sent again.
    upload.receivedBytes -= taken;
    signal.throwIfAborted();
    throw toDiskError(error, upload.name);
  }
}
