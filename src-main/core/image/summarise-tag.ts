import { foldAttestations, isAttestation } from '#shared/oci/attestation.ts';
import type { Descriptor } from '#shared/oci/descriptor.ts';
import {
  type ArtifactManifest,
  type ImageManifest,
  type IndexManifest,
  type Manifest,
  parseManifest,
} from '#shared/oci/manifest.ts';
import { OciError } from '#shared/oci/oci-error.ts';
import { formatPlatform, type Platform } from '#shared/oci/platform.ts';
import { isRegistryError } from '../registry/transport/registry-error.ts';
import { totalBytes } from './blob-bytes.ts';
import { CREATED_ANNOTATION, firstCreated } from './created.ts';
import type { TagSummary } from './image-view.ts';
import { readInlineData } from './inline-data.ts';
import { silenceReason } from './kept/unreachable.ts';
import { type ReadContext, readConfig } from './read-config.ts';
import { chooseChild, platformTextOf, readManifest } from './resolve-image.ts';

export type SummariseTagInput = ReadContext & {
  readonly tag: string;
  /** What the default child of an index is chosen for. */
  readonly hostPlatform: Platform;
};

/** Indexes in indexes are followed this far down and no further (SECURITY-CASES M11). */
const MAX_INDEX_DEPTH = 8;

/** What a row says of the content: of an image itself, or of the child that stands for an index. */
type Content = Pick<TagSummary, 'sizeBytes' | 'created'> & { readonly platform?: string };

type Annotated = { readonly annotations: Descriptor['annotations'] };

function createdAnnotation({ annotations }: Annotated): string | undefined {
  return annotations.find(([name]) => name === CREATED_ANNOTATION)?.[1];
}

function toContent(sizeBytes: number, created: string | undefined, platform?: string): Content {
  return {
    sizeBytes,
    ...(created === undefined ? {} : { created }),
    ...(platform === undefined ? {} : { platform }),
  };
}

async function imageContent(input: SummariseTagInput, manifest: ImageManifest, dates: Dates): Promise<Content> {
  const config = await readConfig(input, manifest.config);
  const created = firstCreated(config.created, createdAnnotation(manifest), ...dates);
  return toContent(totalBytes([manifest.config, ...manifest.layers]), created, platformTextOf(config));
}

function artifactContent(manifest: ArtifactManifest, dates: Dates): Content {
  const blobs = manifest.config === undefined ? manifest.blobs : [manifest.config, ...manifest.blobs];
  return toContent(totalBytes(blobs), firstCreated(createdAnnotation(manifest), ...dates));
}

/** Dates stated further out, nearest first: by the descriptor in the index, by the index. */
type Dates = ReadonlyArray<string | undefined>;

/**
 * The content of an index's default child. A child that is not there (mirrors may hold some platforms only) is no
 * failure of the index: then only what the index itself says is known.
 */
async function indexContent(
  input: SummariseTagInput,
  index: IndexManifest,
  depth: number,
  dates: Dates,
): Promise<Content> {
  if (depth > MAX_INDEX_DEPTH) throw new OciError('limit', `indexes nested deeper than ${MAX_INDEX_DEPTH}`);
  const outer = [createdAnnotation(index), ...dates];
  const chosen = chooseChild(foldAttestations(index.manifests), input.hostPlatform);
  const child = chosen === undefined ? undefined : await readChild(input, chosen);
  if (chosen === undefined || child === undefined) {
    const created = firstCreated(...outer);
    return created === undefined ? {} : { created };
  }
  const content = await contentOf(input, child, depth, [createdAnnotation(chosen), ...outer]);
  // The index's own name for the platform, when it has one, is the one its other rows are named like.
  return chosen.platform === undefined ? content : { ...content, platform: formatPlatform(chosen.platform) };
}

/** From the descriptor's own `data` when that is what its digest names (SECURITY-CASES M16), else by a request. */
async function readChild(input: SummariseTagInput, child: Descriptor): Promise<Manifest | undefined> {
  const inline = readInlineData(child);
  if (inline.state === 'verified') return parseManifest(inline.bytes, child.mediaType);
  try {
    return (await readManifest(input, child.digest)).manifest;
  } catch (error) {
    if (isRegistryError(error, 'not-found')) return undefined;
    throw error;
  }
}

async function contentOf(input: SummariseTagInput, manifest: Manifest, depth: number, dates: Dates): Promise<Content> {
  if (manifest.kind === 'image') return imageContent(input, manifest, dates);
  if (manifest.kind === 'artifact') return artifactContent(manifest, dates);
  if (manifest.kind === 'index') return indexContent(input, manifest, depth + 1, dates);
  return {};
}

/** While the registry cannot be reached a row shows what is known: the tag itself, when nothing below it was kept. */
async function keptContentOf(input: SummariseTagInput, manifest: Manifest): Promise<Content> {
  try {
    return await contentOf(input, manifest, 0, []);
  } catch (error) {
    if (silenceReason(error, false) !== undefined) return {};
    throw error;
  }
}

/** The platforms an index offers and the attestations in it; an image has the one platform of its config. */
function platformFacts(
  manifest: Manifest,
  own: string | undefined,
): Pick<TagSummary, 'platforms' | 'attestationCount'> {
  if (manifest.kind !== 'index') return { platforms: own === undefined ? [] : [own], attestationCount: 0 };
  const texts = foldAttestations(manifest.manifests).flatMap(({ platformText }) => platformText ?? []);
  const attestationCount = manifest.manifests.filter(isAttestation).length;
  return { platforms: [...new Set(texts)], attestationCount };
}

/**
 * What a row of the tag table shows: one request for the tag, one for an image's config, and for an index one more for
 * its default child, all but the first by digest and so cacheable.
 * @throws {RegistryError} as the client
 * @throws {OciError} for a manifest or config that is broken, can be read in two ways, or nests too deep
 */
export async function summariseTag(input: SummariseTagInput): Promise<TagSummary> {
  const read = await readManifest(input, input.tag);
  const { manifest } = read;
  const { platform, ...content } = await (read.fetched.offline === undefined
    ? contentOf(input, manifest, 0, [])
    : keptContentOf(input, manifest));
  return {
    tag: input.tag,
    digest: read.fetched.digest,
    mediaType: manifest.mediaType,
    kind: manifest.kind,
    ...(manifest.artifactType === undefined ? {} : { artifactType: manifest.artifactType }),
    ...platformFacts(manifest, platform),
    ...content,
    ...(manifest.kind === 'index' && platform !== undefined ? { basisPlatform: platform } : {}),
    ...(read.fetched.offline === undefined ? {} : { offline: read.fetched.offline }),
  };
}
