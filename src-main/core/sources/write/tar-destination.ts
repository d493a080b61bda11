import { basename } from 'node:path';
import { rm } from 'node:fs/promises';
import type { ArchiveDestination, ArchiveDestinationOptions } from '../archive.ts';
import { INDEX_FILE, LAYOUT_FILE, LAYOUT_VERSION } from '../layout/read-layout.ts';
import { asWritten } from './as-written.ts';
import { dockerFiles, refuseForDocker } from './docker-files.ts';
import { guardDisk } from './guard-disk.ts';
import { writeIndex } from './layout-index.ts';
import { createListedManifests } from './listed-manifests.ts';
import { openPartialTar, type PartialTar, type TarFile } from './partial-tar.ts';
import { workPath } from './work-path.ts';

/**
 * An OCI tar, or a tar that docker loads, as a destination: what was at the path before stays until the new one is
 * whole. A docker tar is an OCI tar with docker's list beside the other, as docker itself writes it.
 */
export function createTarDestination(options: ArchiveDestinationOptions): ArchiveDestination {
  const { path, key, eachPlatform = false } = options;
  const kind = options.format === 'docker-tar' ? 'docker-tar' : 'oci-tar';
  const name = basename(path);
  const work = workPath(path, key);
  const paths = { tar: work, log: `${work}.log` };
  const listed = createListedManifests();
  let opening: Promise<PartialTar> | undefined;
  let opened: PartialTar | undefined;
  const onDisk = <T>(run: () => Promise<T>): Promise<T> => guardDisk(name, () => opened?.keptBytes() ?? 0, run);

  // Nothing is made before something is written: plans look at destinations too.
  const begin = async (): Promise<PartialTar> => {
    opening ??= openPartialTar(paths);
    try {
      opened = await opening;
      return opened;
    } catch (error) {
      opening = undefined;
      throw error;
    }
  };
  const filesOf = (): readonly TarFile[] => [
    { path: LAYOUT_FILE, bytes: Buffer.from(JSON.stringify({ imageLayoutVersion: LAYOUT_VERSION })) },
    { path: INDEX_FILE, bytes: writeIndex(listed.list()) },
    ...(kind === 'docker-tar' ? dockerFiles(name, listed, eachPlatform) : []),
  ];
  return {
    kind,
    name,
    headManifest: async (reference) => listed.get(reference),
    hasBlob: (blob, call) => onDisk(async () => opened?.has(blob, call) ?? false),
    putBlob: (call) => onDisk(async () => (await begin()).put(call)),
    putManifest: async ({ reference, manifest, signal }) => {
      await onDisk(async () => (await begin()).putBytes(asWritten(manifest), { signal }));
      listed.add(reference, manifest);
    },
    refuse: (manifest) => (kind === 'docker-tar' ? refuseForDocker(name, manifest, eachPlatform) : undefined),
    finish: ({ signal }) =>
      onDisk(async () => {
        const files = filesOf();
        await (await begin()).finishAs(path, files, signal);
      }),
    close: () => onDisk(async () => opened?.close()),
    discard: () =>
      onDisk(async () => {
        await opened?.close();
        await rm(paths.tar, { force: true });
        await rm(paths.log, { force: true });
      }),
  };
}
