import { foldAttestations } from '#shared/oci/attestation.ts';
import type { Descriptor } from '#shared/oci/descriptor.ts';
import type { Digest } from '#shared/oci/digest.ts';
import { type Manifest, parseManifest } from '#shared/oci/manifest.ts';
import { formatPlatform } from '#shared/oci/platform.ts';
import { parseImageConfig } from '#shared/oci/parse-image-config.ts';
import { ArchiveError } from '../gantry-error.ts';
import type { ArchiveImage } from './archive.ts';
import { blobPath, CONFIG_LIMIT_BYTES, MANIFEST_LIMIT_BYTES, parseDocument, readVerified } from './documents.ts';
import type { ArchiveFiles } from './files/archive-files.ts';

export type ImageFacts = Pick<ArchiveImage, 'kind' | 'mediaType' | 'platforms' | 'sizeBytes' | 'configDigest'> & {
  /** What below the image is not in the archive, or cannot be read, in words. */
  readonly problems: readonly string[];
};

/** As for registries: SECURITY-CASES M11. */
const MAX_DEPTH = 8;
/** Of one image; more is counted no further. */
const MAX_MANIFESTS = 2000;

type Walk = {
  readonly files: ArchiveFiles;
  readonly signal: AbortSignal;
  readonly blobs: Map<Digest, number>;
  readonly seen: Set<Digest>;
  readonly problems: string[];
};

/** Reads one manifest of a layout. @throws {ArchiveError} `missing-blob`, `damaged`, `too-large`, `bad-document` */
export async function readManifest(
  files: ArchiveFiles,
  descriptor: Pick<Descriptor, 'digest' | 'mediaType'>,
  call: { readonly signal: AbortSignal },
): Promise<{ readonly bytes: Uint8Array; readonly manifest: Manifest }> {
  const bytes = await readVerified(files, descriptor.digest, MANIFEST_LIMIT_BYTES, call);
  const path = blobPath(descriptor.digest);
  return { bytes, manifest: parseDocument(files.name, path, () => parseManifest(bytes, descriptor.mediaType)) };
}

/** Undefined for what cannot be read as a manifest. */
export async function tryReadManifest(
  files: ArchiveFiles,
  descriptor: Descriptor,
  signal: AbortSignal,
): Promise<Manifest | undefined> {
  try {
    return (await readManifest(files, descriptor, { signal })).manifest;
  } catch (error) {
    if (error instanceof ArchiveError) return undefined;
    throw error;
  }
}

/**
 * What a person wants to know of an image in a layout before it is moved. What is missing below it is told, not thrown:
 * layouts that were saved for some platforms only are common.
 * @throws {ArchiveError} when the image's own manifest cannot be read
 */
export async function describeImage(
  files: ArchiveFiles,
  descriptor: Descriptor,
  signal: AbortSignal,
): Promise<ImageFacts> {
  const walk: Walk = { files, signal, blobs: new Map(), seen: new Set([descriptor.digest]), problems: [] };
  const { manifest } = await readManifest(files, descriptor, { signal });
  await addBelow(walk, manifest, 1);
  const kind = manifest.kind === 'schema1' ? 'unknown' : manifest.kind;
  return {
    kind,
    mediaType: manifest.mediaType,
    platforms: await platformsOf(walk, manifest),
    sizeBytes: [...walk.blobs.values()].reduce((sum, size) => sum + size, 0),
    ...(manifest.kind === 'image' ? { configDigest: manifest.config.digest } : {}),
    problems: walk.problems,
  };
}

async function addBelow(walk: Walk, manifest: Manifest, depth: number): Promise<void> {
  for (const { digest, sizeBytes } of blobsOf(manifest)) walk.blobs.set(digest, sizeBytes);
  if (manifest.kind !== 'index') return;
  for (const child of manifest.manifests) {
    if (walk.seen.has(child.digest) || walk.seen.size === MAX_MANIFESTS) continue;
    walk.seen.add(child.digest);
    if (depth === MAX_DEPTH) walk.problems.push(`indexes are nested deeper than ${MAX_DEPTH}`);
    else await addChild(walk, child, depth);
  }
}

async function addChild(walk: Walk, child: Descriptor, depth: number): Promise<void> {
  try {
    const { manifest } = await readManifest(walk.files, child, walk);
    await addBelow(walk, manifest, depth + 1);
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    walk.problems.push(`${childName(child)}: ${error.reason === 'missing-blob' ? 'not in the archive' : error.detail}`);
  }
}

const childName = ({ platform, digest }: Descriptor): string =>
  platform === undefined ? digest : `${formatPlatform(platform)} (${digest})`;

function blobsOf(manifest: Manifest): readonly Descriptor[] {
  if (manifest.kind === 'image') return [manifest.config, ...manifest.layers];
  if (manifest.kind !== 'artifact') return [];
  return manifest.config === undefined ? manifest.blobs : [manifest.config, ...manifest.blobs];
}

async function platformsOf({ files, signal }: Walk, manifest: Manifest): Promise<string[]> {
  if (manifest.kind === 'index') {
    return foldAttestations(manifest.manifests).flatMap(({ platformText }) => platformText ?? []);
  }
  if (manifest.kind !== 'image') return [];
  const { digest } = manifest.config;
  try {
    const bytes = await readVerified(files, digest, CONFIG_LIMIT_BYTES, { signal });
    return [parseDocument(files.name, blobPath(digest), () => platformText(bytes))];
  } catch (error) {
    // Told when it is moved; the list is for choosing.
    if (error instanceof ArchiveError) return [];
    throw error;
  }
}

/** What a config says it runs on. @throws {OciError} */
export function platformText(config: Uint8Array): string {
  return formatPlatform(parseImageConfig(config).platform) || 'unknown';
}
