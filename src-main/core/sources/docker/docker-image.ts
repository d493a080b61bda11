import type { Digest } from '#shared/oci/digest.ts';
import { ArchiveError } from '../../gantry-error.ts';
import type { ArchiveFiles } from '../files/archive-files.ts';

/** An image of a docker-save tar, as far as it is known before its layers are read. */
export type DockerImage = {
  readonly names: readonly string[];
  /** The lowest first. */
  readonly layerPaths: readonly string[];
  /** What the config states; undefined before docker 1.10, which had no content ids. */
  readonly diffIds: readonly Digest[] | undefined;
  readonly platform: string;
  readonly configDigest: Digest | undefined;
  /** The config, once the diff ids of all layers are known. */
  configFor(diffIds: readonly Digest[]): Uint8Array;
};

/** That every layer is there, before anybody waits for the first. @throws {ArchiveError} `missing-blob`, `bad-entry`, `bad-path` */
export async function checkPresent(files: ArchiveFiles, layerPaths: readonly string[]): Promise<void> {
  for (const path of layerPaths) {
    if ((await files.sizeOf(path)) === undefined) throw new ArchiveError('missing-blob', files.name, path);
  }
}
