import { MEDIA_TYPE } from '#shared/oci/media-type.ts';
import {
  buildBlob,
  buildJsonBlob,
  buildManifest,
  type BuiltBlob,
  type BuiltContent,
  describe,
  type WireDescriptor,
  type WirePlatform,
} from './content.ts';
import { asDockerLayer, type BuiltLayer } from './layer.ts';

export type ManifestFormat = 'oci' | 'docker';
export type Annotations = Readonly<Record<string, string>>;

/** The `config` member of an image config, with the names it has in JSON. */
export type WireRuntimeConfig = {
  readonly User?: string;
  readonly ExposedPorts?: Readonly<Record<string, object>>;
  readonly Env?: readonly string[];
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Volumes?: Readonly<Record<string, object>>;
  readonly WorkingDir?: string;
  readonly Labels?: Annotations;
  readonly StopSignal?: string;
  readonly Shell?: readonly string[];
  readonly OnBuild?: readonly string[];
  readonly Healthcheck?: Readonly<Record<string, unknown>>;
};

/** One line of a build: what made it and, unless it changed settings only, the layer it made. */
export type BuildStep = { readonly createdBy: string; readonly layer?: BuiltLayer; readonly comment?: string };

export type ImageSpec = {
  readonly platform: WirePlatform;
  /** RFC 3339. */
  readonly created: string;
  readonly steps: readonly BuildStep[];
  readonly config?: WireRuntimeConfig;
  readonly author?: string;
  /** `oci` when absent. */
  readonly format?: ManifestFormat;
  /** `none`: the config has no history at all, as some builders leave it. */
  readonly history?: 'full' | 'none';
  readonly annotations?: Annotations;
};

/** An image for one platform. Spec: OCI image 1.1, manifest.md and config.md; Docker image manifest V2, schema 2. */
export function buildImage(spec: ImageSpec): BuiltContent {
  const isDocker = spec.format === 'docker';
  const layers = layersOf(spec).map((layer) => (isDocker ? asDockerLayer(layer) : layer));
  const config = buildJsonBlob(configOf(spec));
  const mediaType = isDocker ? MEDIA_TYPE.dockerManifest : MEDIA_TYPE.ociManifest;
  const value = {
    schemaVersion: 2,
    mediaType,
    config: describe(config, isDocker ? MEDIA_TYPE.dockerConfig : MEDIA_TYPE.ociConfig),
    layers: layers.map((layer) => layer.descriptor),
    ...(spec.annotations && { annotations: spec.annotations }),
  };
  return buildManifest(mediaType, value, { blobs: [config, ...layers.map((layer) => layer.blob)] });
}

function layersOf(spec: ImageSpec): BuiltLayer[] {
  return spec.steps.flatMap((step) => (step.layer === undefined ? [] : [step.layer]));
}

function configOf(spec: ImageSpec) {
  const { architecture, os, variant, created, steps, author, ...rest } = { ...spec.platform, ...spec };
  // Steps a minute apart, the last at `created`: a history reads like one that a builder wrote.
  const stepTime = (index: number) =>
    new Date(Date.parse(created) - (steps.length - 1 - index) * 60_000).toISOString().replace('.000Z', 'Z');
  const history = steps.map((step, index) => historyEntry(step, stepTime(index)));
  return {
    architecture,
    config: rest.config ?? {},
    created,
    ...(author !== undefined && { author }),
    ...(spec.history !== 'none' && { history }),
    os,
    ...(rest['os.version'] !== undefined && { 'os.version': rest['os.version'] }),
    rootfs: { type: 'layers', diff_ids: layersOf(spec).map((layer) => layer.diffId) },
    ...(variant !== undefined && { variant }),
  };
}

function historyEntry({ createdBy, comment, layer }: BuildStep, created: string) {
  return {
    created,
    created_by: createdBy,
    ...(comment !== undefined && { comment }),
    ...(layer === undefined && { empty_layer: true }),
  };
}

/** A child of an index. */
export type IndexEntry = {
  readonly content: BuiltContent;
  readonly platform?: WirePlatform;
  readonly annotations?: Annotations;
  readonly artifactType?: string;
};

export type IndexOptions = {
  readonly format?: ManifestFormat;
  readonly annotations?: Annotations;
  readonly artifactType?: string;
  readonly subject?: WireDescriptor;
};

/** An index (a Docker manifest list) over images, attestations or other indexes. Spec: OCI image 1.1, image-index.md. */
export function buildIndex(entries: readonly IndexEntry[], options: IndexOptions = {}): BuiltContent {
  const { format, ...members } = options;
  const mediaType = format === 'docker' ? MEDIA_TYPE.dockerList : MEDIA_TYPE.ociIndex;
  const manifests = entries.map(({ content, ...more }) => ({ ...content.descriptor, ...more }));
  const value = { schemaVersion: 2, mediaType, manifests, ...members };
  return buildManifest(mediaType, value, { contents: entries.map((entry) => entry.content) });
}

/** One file of an artifact. */
export type ArtifactFile = {
  readonly content: Uint8Array | string;
  readonly mediaType: string;
  readonly annotations?: Annotations;
};

export type ArtifactSpec = {
  readonly artifactType: string;
  readonly files: readonly ArtifactFile[];
  /** What it refers to: makes it a referrer. */
  readonly subject?: WireDescriptor;
  readonly annotations?: Annotations;
};

/** The two bytes `{}` that stand where an artifact has no config. Spec: OCI image 1.1, manifest.md, "empty descriptor". */
export const EMPTY_BLOB: BuiltBlob = buildBlob('{}');

/** Something that is not an image, in an image manifest. Spec: OCI image 1.1, manifest.md, "artifact usage". */
export function buildArtifact({ artifactType, files, subject, annotations }: ArtifactSpec): BuiltContent {
  const blobs = files.map((file) => buildBlob(file.content));
  const empty = describe(EMPTY_BLOB, MEDIA_TYPE.ociEmpty, { data: 'e30=' });
  const layers = files.map((file) => {
    const more = file.annotations && { annotations: file.annotations };
    return describe(buildBlob(file.content), file.mediaType, more);
  });
  const value = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.ociManifest,
    artifactType,
    config: empty,
    layers: layers.length > 0 ? layers : [empty],
    ...(subject && { subject }),
    ...(annotations && { annotations }),
  };
  return buildManifest(MEDIA_TYPE.ociManifest, value, { blobs: [EMPTY_BLOB, ...blobs] });
}
