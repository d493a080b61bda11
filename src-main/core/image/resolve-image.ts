import { foldAttestations, type IndexChild } from '#shared/oci/attestation.ts';
import type { Descriptor } from '#shared/oci/descriptor.ts';
import type { Digest } from '#shared/oci/digest.ts';
import { mapHistory } from '#shared/oci/history.ts';
import type { ImageConfig } from '#shared/oci/image-config.ts';
import {
  type ArtifactManifest,
  type ImageManifest,
  type IndexManifest,
  type Manifest,
  parseManifest,
} from '#shared/oci/manifest.ts';
import { isForeignLayer, layerCompression } from '#shared/oci/media-type.ts';
import { choosePlatform } from '#shared/oci/platform-match.ts';
import { formatPlatform, type Platform } from '#shared/oci/platform.ts';
import type { FetchedManifest, RegistryWarning } from '../registry/registry-client.ts';
import { totalBytes } from './blob-bytes.ts';
import type { ArtifactView, ImageView, IndexView, LayerView, SingleImageView, ViewCommon } from './image-view.ts';
import { readInlineData, withoutBadData } from './inline-data.ts';
import { type ReadContext, readConfig, signalOf } from './read-config.ts';

export type ResolveImageInput = ReadContext & {
  /** A tag or a digest. */
  readonly reference: string;
  /** What the default child of an index is chosen for. */
  readonly hostPlatform: Platform;
  /** Whose referrer it was listed as: another subject, or none, is said in a warning (SECURITY-CASES F02). */
  readonly referrerOf?: Digest | undefined;
};

/** A manifest as fetched and as understood. */
export type ReadManifest = { readonly fetched: FetchedManifest; readonly manifest: Manifest };

/** Fetches and parses one manifest. @throws {RegistryError} as `getManifest` @throws {OciError} as `parseManifest` */
export async function readManifest(context: ReadContext, reference: string): Promise<ReadManifest> {
  const { client, repository } = context;
  const fetched = await client.getManifest({ repository, reference, ...signalOf(context) });
  return { fetched, manifest: parseManifest(fetched.bytes, fetched.mediaType) };
}

/** The platform in words; an image that does not say is `unknown`. */
export function platformTextOf(config: ImageConfig): string {
  return formatPlatform(config.platform) || 'unknown';
}

/** The child of an index to show first: of the platforms the best for the host, else whatever comes first. */
export function chooseChild(children: readonly IndexChild[], hostPlatform: Platform): Descriptor | undefined {
  const platforms = children.filter((child) => child.role === 'platform').map((child) => child.descriptor);
  return choosePlatform(platforms, hostPlatform) ?? children[0]?.descriptor;
}

/** Every descriptor that a manifest points to others by. */
function descriptorsOf(manifest: Manifest): readonly Descriptor[] {
  const subject = manifest.subject === undefined ? [] : [manifest.subject];
  if (manifest.kind === 'index') return [...subject, ...manifest.manifests];
  if (manifest.kind === 'image') return [...subject, ...manifest.layers];
  if (manifest.kind !== 'artifact') return subject;
  return [...subject, ...(manifest.config === undefined ? [] : [manifest.config]), ...manifest.blobs];
}

/** SECURITY-CASES M16: inline data that is not what its digest names is left out of the view, and said to be. */
function inlineWarnings(manifest: Manifest): readonly RegistryWarning[] {
  return descriptorsOf(manifest)
    .filter((descriptor) => readInlineData(descriptor).state === 'mismatch')
    .map(({ digest }) => ({
      source: 'gantry',
      text: `The data inside the descriptor of ${digest} is something else.`,
    }));
}

function toCommon({ fetched, manifest }: ReadManifest, warnings: readonly RegistryWarning[] = []): ViewCommon {
  return {
    digest: fetched.digest,
    mediaType: manifest.mediaType,
    sizeBytes: fetched.bytes.length,
    ...(manifest.artifactType === undefined ? {} : { artifactType: manifest.artifactType }),
    ...(manifest.subject === undefined ? {} : { subject: withoutBadData(manifest.subject) }),
    annotations: manifest.annotations,
    warnings: [...fetched.warnings, ...inlineWarnings(manifest), ...warnings],
    ...(fetched.offline === undefined ? {} : { offline: fetched.offline }),
  };
}

function toIndexView(read: ReadManifest, manifest: IndexManifest, hostPlatform: Platform): IndexView {
  const children = foldAttestations(manifest.manifests.map(withoutBadData));
  const chosen = chooseChild(children, hostPlatform);
  return {
    ...toCommon(read),
    kind: 'index',
    children,
    ...(chosen === undefined ? {} : { defaultChild: chosen.digest }),
  };
}

/** Layers with what config and history say of them. Diff ids are left out when their count is not that of the layers. */
function toLayers(manifest: ImageManifest, config: ImageConfig, lineOfLayer: readonly number[]): LayerView[] {
  const diffIds = config.diffIds.length === manifest.layers.length ? config.diffIds : [];
  return manifest.layers.map((descriptor, index) => {
    const diffId = diffIds[index];
    const historyIndex = lineOfLayer[index];
    return {
      descriptor: withoutBadData(descriptor),
      ...(diffId === undefined ? {} : { diffId }),
      ...(historyIndex === undefined ? {} : { historyIndex }),
      compression: layerCompression(descriptor.mediaType),
      foreign: isForeignLayer(descriptor.mediaType),
    };
  });
}

/** SECURITY-CASES B08: a config that speaks of other layers than the manifest is shown, and said to. */
function imageWarnings(manifest: ImageManifest, config: ImageConfig): readonly RegistryWarning[] {
  const diffIds = config.diffIds.length;
  const layers = manifest.layers.length;
  if (diffIds === layers) return [];
  return [{ source: 'gantry', text: `The config lists ${diffIds} diff ids for ${layers} layers, so none is matched.` }];
}

function toImageView(read: ReadManifest, manifest: ImageManifest, config: ImageConfig): SingleImageView {
  const history = mapHistory(config.history, manifest.layers.length);
  return {
    ...toCommon(read, imageWarnings(manifest, config)),
    kind: 'image',
    platformText: platformTextOf(config),
    configDescriptor: manifest.config,
    config,
    layers: toLayers(manifest, config, history.lineOfLayer),
    history: [...history.lines],
    historyState: history.state,
    totalBytes: totalBytes([manifest.config, ...manifest.layers]),
  };
}

function toArtifactView(read: ReadManifest, { config, blobs }: ArtifactManifest): ArtifactView {
  return {
    ...toCommon(read),
    kind: 'artifact',
    ...(config === undefined ? {} : { configDescriptor: withoutBadData(config) }),
    blobs: blobs.map(withoutBadData),
    totalBytes: totalBytes(config === undefined ? blobs : [config, ...blobs]),
  };
}

/** The list of referrers of a registry cannot be checked without reading each; this one has been read. */
function withSubjectChecked(read: ReadManifest, referrerOf: Digest | undefined): ReadManifest {
  const subject = read.manifest.subject?.digest;
  if (referrerOf === undefined || subject === referrerOf) return read;
  const named = subject === undefined ? 'no subject' : `${subject} as its subject`;
  const text = `This was listed as a referrer of ${referrerOf}, but it names ${named}.`;
  const warnings = [...read.fetched.warnings, { source: 'gantry', text } as const];
  return { ...read, fetched: { ...read.fetched, warnings } };
}

/**
 * One manifest, resolved for a person: an index with its children, an image with config and history laid beside the
 * layers, an artifact, schema 1, or what nobody knows. At most two requests: the manifest and an image's config.
 * @throws {RegistryError} as the client
 * @throws {OciError} for a manifest or config that is broken or can be read in two ways
 */
export async function resolveImage(input: ResolveImageInput): Promise<ImageView> {
  const read = withSubjectChecked(await readManifest(input, input.reference), input.referrerOf);
  const { manifest } = read;
  if (manifest.kind === 'image') return toImageView(read, manifest, await readConfig(input, manifest.config));
  if (manifest.kind === 'index') return toIndexView(read, manifest, input.hostPlatform);
  if (manifest.kind === 'artifact') return toArtifactView(read, manifest);
  if (manifest.kind === 'unknown') return { ...toCommon(read), kind: 'unknown' };
  const { name, tag, architecture, layerDigests } = manifest;
  return { ...toCommon(read), kind: 'schema1', name, tag, architecture, layerDigests: [...layerDigests] };
}
