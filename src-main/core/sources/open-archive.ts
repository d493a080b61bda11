import { constants } from 'node:fs';
import { type FileHandle, lstat, open, realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { layerCompression } from '#shared/oci/media-type.ts';
import { ArchiveError } from '../gantry-error.ts';
import { readAt } from '../tar/position-reader.ts';
import type { ArchiveSource } from './archive.ts';
import { tryReadManifest } from './describe-image.ts';
import { asDiskError } from './disk-failure.ts';
import { isDockerArchive } from './docker/docker-images.ts';
import { openDockerSource } from './docker/docker-source.ts';
import { compressionOf } from './docker/layer-blobs.ts';
import { createLayerSpool } from './docker/layer-spool.ts';
import { LEGACY_LIST } from './docker/legacy-images.ts';
import type { ArchiveFiles } from './files/archive-files.ts';
import { openFolderFiles } from './files/folder-files.ts';
import { openTarFiles } from './files/tar-files.ts';
import { inflate } from './inflate.ts';
import { openLayoutSource } from './layout/layout-source.ts';
import { INDEX_FILE, isLayout, readLayout } from './layout/read-layout.ts';

export type OpenArchiveOptions = {
  /** A folder of ours for what is made of archives: plain forms of compressed tars, compressed layers. */
  readonly scratchDir: string;
  /** What a person calls it; the last part of the path when absent. */
  readonly name?: string;
  readonly signal: AbortSignal;
};

/** An archive on this machine, and what tells it from another file at the same place. */
export type FoundArchive = { readonly source: ArchiveSource; readonly fingerprint: string };

// A named pipe put in the place of a file would hold up the open for ever.
const READ_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Opens a file or folder as what it is, by what is in it and not by its name: an OCI layout folder, or a tar, plain or
 * compressed with gzip or zstd, of an OCI layout or of `docker save`.
 * @throws {ArchiveError} @throws {DiskError} when it cannot be opened
 */
export async function openArchive(path: string, options: OpenArchiveOptions): Promise<FoundArchive> {
  const { name = basename(path) } = options;
  // A person may well have a link to an archive; what is inside is another matter.
  const real = await asDiskError(name, () => realpath(path));
  const stats = await asDiskError(name, () => lstat(real, { bigint: true }));
  if (stats.isDirectory()) return openFolder(real, name, options);
  if (!stats.isFile()) throw new ArchiveError('not-an-archive', name, 'it is neither a file nor a folder');
  const handle = await asDiskError(name, () => open(real, READ_FLAGS));
  try {
    const opened = await asDiskError(name, () => handle.stat({ bigint: true }));
    const source = await openFile(handle, { name, sizeBytes: Number(opened.size) }, options);
    return { source, fingerprint: fingerprintOf(opened) };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

type Identity = { readonly ino: bigint; readonly size: bigint; readonly mtimeNs: bigint };

// Not the device: its number may be another after a restart.
const fingerprintOf = ({ ino, size, mtimeNs }: Identity): string => `${ino}-${size}-${mtimeNs}`;

async function openFolder(path: string, name: string, { signal }: OpenArchiveOptions): Promise<FoundArchive> {
  const files = await openFolderFiles(path, name);
  if (!(await isLayout(files))) throw new ArchiveError('not-an-archive', files.name, 'there is no oci-layout file');
  const source = await openLayoutSource(files, 'oci-layout', { signal });
  // Blobs have their digests for names, so the list is all that can change.
  const list = await asDiskError(files.name, () => lstat(join(path, INDEX_FILE), { bigint: true }));
  return { source, fingerprint: fingerprintOf(list) };
}

type File = { readonly name: string; readonly sizeBytes: number };

/** On success the handle belongs to the source. */
async function openFile(handle: FileHandle, file: File, options: OpenArchiveOptions): Promise<ArchiveSource> {
  const { scratchDir, signal } = options;
  const start = await asDiskError(file.name, () => readAt(handle, 0, 6));
  const compression = compressionOf(start);
  if (compression === 'none') {
    refuseOther(start, file.name);
    return openTar(await openTarFiles(handle, { ...file, signal }), options);
  }
  const inflated = await inflate({ ...file, handle, compression, scratchDir: join(scratchDir, 'inflated'), signal });
  try {
    const files = await openTarFiles(inflated.handle, { name: file.name, sizeBytes: inflated.sizeBytes, signal });
    const source = await openTar({ ...files, sizeBytes: file.sizeBytes, close: () => inflated.remove() }, options);
    await handle.close();
    return source;
  } catch (error) {
    await inflated.remove();
    throw error;
  }
}

/** What is compressed in another way is told so, not that it is no tar. */
function refuseOther(start: Buffer, name: string): void {
  const magic = start.toString('latin1');
  const other = magic.startsWith('BZh') ? 'bzip2' : magic.startsWith('\u00fd7zXZ') ? 'xz' : undefined;
  if (other !== undefined) throw new ArchiveError('not-an-archive', name, `it is compressed with ${other}`);
  if (magic.startsWith('PK')) throw new ArchiveError('not-an-archive', name, 'it is a zip file');
}

async function openTar(files: ArchiveFiles, { scratchDir, signal }: OpenArchiveOptions): Promise<ArchiveSource> {
  const [layout, docker] = [await isLayout(files), await isDockerArchive(files)];
  if (layout && !(docker && (await isMadeUpByDocker(files, signal)))) {
    return openLayoutSource(files, 'oci-tar', { signal });
  }
  if (docker) return openDockerSource(files, createLayerSpool(join(scratchDir, 'compressed')), { signal });
  throw new ArchiveError('not-an-archive', files.name, 'it holds neither an OCI layout nor images saved by docker');
}

/**
 * True for the layout that docker writes beside its own two lists from its old image store: there the layers lie
 * unpacked, so it makes up manifests of uncompressed ones that exist nowhere else. Its list is read then, as for older
 * dockers. containerd, and we, write no `repositories`.
 */
async function isMadeUpByDocker(files: ArchiveFiles, signal: AbortSignal): Promise<boolean> {
  if ((await files.sizeOf(LEGACY_LIST)) === undefined) return false;
  for (const { descriptor } of await readLayout(files, { signal })) {
    const manifest = await tryReadManifest(files, descriptor, signal);
    if (manifest?.kind !== 'image') return false;
    if (manifest.layers.some(({ mediaType }) => layerCompression(mediaType) !== 'none')) return false;
  }
  return true;
}
