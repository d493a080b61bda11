import { randomUUID } from 'node:crypto';
import { lstat, open, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isDigest } from '#shared/oci/digest.ts';
import { asObject, listOf } from '#shared/oci/json-fields.ts';
import { parseJson } from '#shared/oci/json.ts';
import { MAX_DESCRIPTORS } from '#shared/oci/parse-descriptor.ts';
import { hasErrorCode, makeFolder, orAbsent, syncFolder } from '../../files.ts';
import { ArchiveError } from '../../gantry-error.ts';
import type { ArchiveDestination } from '../archive.ts';
import { MANIFEST_LIMIT_BYTES, parseDocument } from '../documents.ts';
import { openFolderFiles } from '../files/folder-files.ts';
import { INDEX_FILE, isLayout, LAYOUT_FILE, LAYOUT_VERSION, readLayout } from '../layout/read-layout.ts';
import { asWritten } from './as-written.ts';
import { createFolderBlobs } from './folder-blobs.ts';
import { isReplaced, writeIndex } from './layout-index.ts';
import { createListedManifests, type Listed } from './listed-manifests.ts';
import { guardDisk } from './guard-disk.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { workPath } from './work-path.ts';

type Call = { readonly signal: AbortSignal };

/** Where a layout is made: in the folder that is there, or beside the place of a new one. */
type Site = { readonly root: string; readonly isNew: boolean };

/**
 * A layout folder as a destination. A new one is made beside its place and moved there when it is whole; into one that
 * is there, blobs go as they come, for nothing names them until `index.json` is replaced, which is the last thing done.
 */
export function createLayoutDestination(path: string, key: string): ArchiveDestination {
  const name = basename(path);
  const work = workPath(path, key);
  const listed = createListedManifests();
  let site: Site | undefined;
  let blobs: ReturnType<typeof createFolderBlobs> | undefined;
  const kept = () => blobs?.keptBytes() ?? 0;
  const onDisk = <T>(run: () => Promise<T>): Promise<T> => guardDisk(name, kept, run);

  const start = async (call: Call) => {
    site = await chooseSite(path, work, name, call);
    return (blobs ??= createFolderBlobs(site.root, join(site.isNew ? site.root : work, '.partial')));
  };
  let begun: ReturnType<typeof start> | undefined;
  // Once for all that come at the same time: what the first one writes must not make the folder look like another's.
  const begin = async (call: Call) => {
    begun ??= start(call);
    try {
      return await begun;
    } catch (error) {
      begun = undefined;
      throw error;
    }
  };
  return {
    kind: 'oci-layout',
    name,
    headManifest: async (reference, call) =>
      listed.get(reference) ?? (await onDisk(() => findExisting(path, name, reference, call))),
    hasBlob: async (blob, call) => onDisk(async () => (await begin(call)).has(blob, call)),
    putBlob: async (call) => onDisk(async () => (await begin(call)).put(call)),
    putManifest: async ({ reference, manifest, signal }) => {
      await onDisk(async () => (await begin({ signal })).putBytes(asWritten(manifest), { signal }));
      listed.add(reference, manifest);
    },
    refuse: () => undefined,
    finish: (call) =>
      onDisk(async () => {
        await begin(call);
        await oneAtATime(path, () => finish(path, work, site ?? { root: path, isNew: false }, listed.list(), call));
      }),
    close: async () => undefined,
    discard: () => onDisk(() => rm(work, { recursive: true, force: true })),
  };
}

/** @throws {ArchiveError} `not-an-archive` for a folder that holds something else */
async function chooseSite(path: string, work: string, name: string, call: Call): Promise<Site> {
  const stats = await orAbsent(lstat(path));
  if (stats === undefined) return { root: work, isNew: true };
  if (!stats.isDirectory()) throw new ArchiveError('not-an-archive', name, 'it is no folder');
  const files = await openFolderFiles(path, name);
  // An empty folder is what the system's dialog makes for a new layout.
  if (!(await isLayout(files)) && (await readdir(path)).length > 0) {
    throw new ArchiveError('not-an-archive', name, 'the folder holds something else');
  }
  if (await isLayout(files)) await readLayout(files, call);
  return { root: path, isNew: false };
}

/** What a name or digest has in the layout that is there. */
async function findExisting(path: string, name: string, reference: string, call: Call) {
  const stats = await orAbsent(lstat(path));
  if (stats?.isDirectory() !== true) return undefined;
  const files = await openFolderFiles(path, name);
  if (!(await isLayout(files))) return undefined;
  const found = (await readLayout(files, call)).find(({ descriptor, names }) =>
    isDigest(reference) ? descriptor.digest === reference : names.includes(reference),
  );
  return found?.descriptor.digest;
}

async function finish(
  path: string,
  work: string,
  { root, isNew }: Site,
  listed: readonly Listed[],
  call: Call,
): Promise<void> {
  const earlier = await readExisting(root, basename(path), call);
  const kept = earlier.filter((descriptor) => !isReplaced(descriptor, listed));
  await makeFolder(join(root, 'blobs', 'sha256'));
  await replaceFile(root, LAYOUT_FILE, Buffer.from(JSON.stringify({ imageLayoutVersion: LAYOUT_VERSION })));
  await replaceFile(root, INDEX_FILE, writeIndex(listed, kept));
  await rm(join(isNew ? root : work, '.partial'), { recursive: true, force: true });
  if (!isNew) {
    await rm(work, { recursive: true, force: true });
    return;
  }
  await moveFolder(work, path);
  await syncFolder(dirname(path));
}

/** Where an empty folder has been made meanwhile, it is taken away first. */
async function moveFolder(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!hasErrorCode(error, 'EEXIST', 'ENOTEMPTY', 'EPERM')) throw error;
    await rmdir(to);
    await rename(from, to);
  }
}

/** The entries of `index.json` as they are, with everything in them that we do not know. */
async function readExisting(root: string, name: string, call: Call) {
  const files = await openFolderFiles(root, name);
  if ((await files.sizeOf(INDEX_FILE)) === undefined) return [];
  const bytes = await files.readSmall(INDEX_FILE, MANIFEST_LIMIT_BYTES, call);
  return parseDocument(name, INDEX_FILE, () =>
    listOf(asObject(parseJson(bytes), INDEX_FILE), 'manifests', INDEX_FILE, MAX_DESCRIPTORS).map((entry) =>
      asObject(entry, INDEX_FILE),
    ),
  );
}

/** Readers see the old file or the new one, whole. */
async function replaceFile(root: string, name: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(root, `.${name}-${randomUUID()}`);
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, join(root, name));
    await syncFolder(root);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
