import { type Digest, digestAlgorithm, digestHex } from '#shared/oci/digest.ts';
import { parseImageConfig } from '#shared/oci/parse-image-config.ts';
import { digestOf } from '../../content-digest.ts';
import { ArchiveError } from '../../gantry-error.ts';
import { CONFIG_LIMIT_BYTES, parseDocument } from '../documents.ts';
import { platformText } from '../describe-image.ts';
import type { ArchiveFiles } from '../files/archive-files.ts';
import { checkPresent, type DockerImage } from './docker-image.ts';
import { DOCKER_LIST, type DockerListing, readDockerList } from './docker-list.ts';
import { LEGACY_LIST, readLegacyImages } from './legacy-images.ts';

type Call = { readonly signal: AbortSignal };

/** True when the archive has docker's list, or the one from before 1.10. */
export async function isDockerArchive(files: ArchiveFiles): Promise<boolean> {
  return (await files.sizeOf(DOCKER_LIST)) !== undefined || (await files.sizeOf(LEGACY_LIST)) !== undefined;
}

/** The images of a docker-save tar, in its order. @throws {ArchiveError} `bad-document`, `bad-path`, `missing-blob`, `damaged` */
export async function readDockerImages(files: ArchiveFiles, call: Call): Promise<readonly DockerImage[]> {
  if ((await files.sizeOf(DOCKER_LIST)) === undefined) return readLegacyImages(files, call);
  const images: DockerImage[] = [];
  for (const listing of await readDockerList(files, call)) images.push(await readImage(files, listing, call));
  return images;
}

async function readImage(files: ArchiveFiles, listing: DockerListing, call: Call): Promise<DockerImage> {
  const { names, configPath, layerPaths } = listing;
  const bytes = await files.readSmall(configPath, CONFIG_LIMIT_BYTES, call);
  const configDigest = digestOf(bytes);
  checkName(files.name, configPath, configDigest);
  const { config, platform } = parseDocument(files.name, configPath, () => ({
    config: parseImageConfig(bytes),
    platform: platformText(bytes),
  }));
  if (config.diffIds.length !== layerPaths.length) {
    const detail = `${configPath}: ${config.diffIds.length} diff ids for ${layerPaths.length} layers`;
    throw new ArchiveError('bad-document', files.name, detail);
  }
  await checkPresent(files, layerPaths);
  return { names, layerPaths, diffIds: config.diffIds, platform, configDigest, configFor: () => bytes };
}

const DIGEST_NAME = /(?:^|[/:])([0-9a-f]{64})(?:\.json)?$/;

/** Every tool names a config by its digest; where the name says another, the bytes have changed. */
function checkName(archive: string, path: string, digest: Digest): void {
  const [, hex] = DIGEST_NAME.exec(path) ?? [];
  if (hex === undefined || digestAlgorithm(digest) !== 'sha256' || hex === digestHex(digest)) return;
  throw new ArchiveError('damaged', archive, `${path} hashes to ${digest}`);
}
