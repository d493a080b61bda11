import { rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Digest, isDigest } from '#shared/oci/digest.ts';
import { parseJson } from '#shared/oci/json.ts';
import { OciError } from '#shared/oci/oci-error.ts';
import type { BlobContent } from './blobs.ts';
import { walkRepositoryFolders } from './catalog.ts';
import { hasErrorCode, listFolder, removeFile, statRegular } from '../../files.ts';
import { fromFlatDigest } from './layout.ts';
import { listManifestDigests, MANIFEST_LIMIT_BYTES } from './manifests.ts';
import type { StoreContext } from './store-context.ts';

/** What a collection gave back. */
export type GarbageReport = { readonly removedBlobs: number; readonly freedBytes: number };

/**
 * Removes content that no manifest needs. Whatever a client wrote or asked for within `graceMs` stays, since its
 * manifest may be on the way. A manifest goes only when a person deletes it, tagged or not; its blobs go then.
 */
export async function collectGarbage(
  context: StoreContext,
  content: BlobContent,
  graceMs: number,
): Promise<GarbageReport> {
  return context.gate.exclusive(async () => {
    const isOld = async (path: string) => {
      const stats = await statRegular(path);
      return stats !== undefined && context.clock.now() - stats.mtimeMs > graceMs;
    };
    const live = new Set<Digest>();
    // Children first, so that a parent folder is empty by the time it is looked at.
    for (const repository of (await walkRepositoryFolders(context)).toReversed()) {
      for (const digest of await markRepository(context, content, repository, isOld)) live.add(digest);
      await removeDangling(context, repository, isOld);
      await removeEmptyFolders(context, repository);
    }
    return sweepContent(context, live, isOld);
  });
}

type IsOld = (path: string) => Promise<boolean>;

/** What this repository needs; links that nothing needs any more are removed. */
async function markRepository(context: StoreContext, content: BlobContent, repository: string, isOld: IsOld) {
  const manifests = await listManifestDigests(context, repository);
  const needed = new Set<Digest>();
  let isReadable = true;
  for (const digest of manifests) {
    const references = referencesOf(await content.readContent(digest, MANIFEST_LIMIT_BYTES));
    if (references === undefined) isReadable = false;
    for (const one of references ?? []) needed.add(one);
  }
  const live = new Set(manifests);
  for (const digest of await listDigests(join(context.layout.repository(repository), '_blobs'))) {
    const link = context.layout.blobLink(repository, digest);
    // A manifest that cannot be read may need anything.
    if (isReadable && !needed.has(digest) && (await isOld(link))) await removeFile(link);
    else live.add(digest);
  }
  return live;
}

/** Every digest that stands anywhere in a manifest; undefined when it is not JSON or not there. */
function referencesOf(bytes: Uint8Array | undefined): readonly Digest[] | undefined {
  if (bytes === undefined) return undefined;
  try {
    return digestsIn(parseJson(bytes));
  } catch (error) {
    if (error instanceof OciError) return undefined;
    throw error;
  }
}

function digestsIn(value: unknown): readonly Digest[] {
  if (typeof value === 'string') return isDigest(value) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(digestsIn);
}

/** The digests that name the files of `<folder>/<algorithm>/<hex>`. */
async function listDigests(folder: string): Promise<readonly Digest[]> {
  const found: Digest[] = [];
  for (const algorithm of ['sha256', 'sha512']) {
    for (const { name } of await listFolder(join(folder, algorithm))) {
      const digest = fromFlatDigest(`${algorithm}-${name}`);
      if (digest !== undefined) found.push(digest);
    }
  }
  return found;
}

async function sweepContent({ layout }: StoreContext, live: ReadonlySet<Digest>, isOld: IsOld): Promise<GarbageReport> {
  let [removedBlobs, freedBytes] = [0, 0];
  for (const digest of await listDigests(layout.blobsDir)) {
    const path = layout.blob(digest);
    if (live.has(digest) || !(await isOld(path))) continue;
    const sizeBytes = (await statRegular(path))?.size ?? 0;
    if (!(await removeFile(path))) continue;
    removedBlobs += 1;
    freedBytes += sizeBytes;
  }
  return { removedBlobs, freedBytes };
}

/** Removes entries of referrers whose manifest is not there: a kill came between the two. */
async function removeDangling({ layout }: StoreContext, repository: string, isOld: IsOld): Promise<void> {
  const root = join(layout.repository(repository), '_referrers');
  for (const { name: subject } of await listFolder(root)) {
    for (const { name } of await listFolder(join(root, subject))) {
      const digest = fromFlatDigest(name);
      const isThere = digest !== undefined && (await statRegular(layout.manifest(repository, digest))) !== undefined;
      if (!isThere && (await isOld(join(root, subject, name)))) await removeFile(join(root, subject, name));
    }
  }
}

/** Removes what is left of a repository that holds nothing; a folder with anything in it stays. */
async function removeEmptyFolders({ layout }: StoreContext, repository: string): Promise<void> {
  const root = layout.repository(repository);
  for (const part of ['_blobs/sha256', '_blobs/sha512', '_manifests/sha256', '_manifests/sha512', '_tags']) {
    await removeIfEmpty(join(root, part));
    if (part.includes('/')) await removeIfEmpty(join(root, dirname(part)));
  }
  for (const { name } of await listFolder(join(root, '_referrers')))
    await removeIfEmpty(join(root, '_referrers', name));
  await removeIfEmpty(join(root, '_referrers'));
  await removeIfEmpty(root);
}

async function removeIfEmpty(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    if (!hasErrorCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOENT', 'ENOTDIR')) throw error;
  }
}
