import type { Descriptor } from './descriptor.ts';
import { asObject, type JsonObject, listOf, optionalString, optionalText, short } from './json-fields.ts';
import { parseJson } from './json.ts';
import { createKeyCheck, MANIFEST_KEY_DEPTH } from './manifest-keys.ts';
import {
  isImageConfig,
  isImageLayer,
  isUninformativeType,
  manifestKind,
  type ManifestShape,
  MEDIA_TYPE,
  stripParameters,
} from './media-type.ts';
import { OciError } from './oci-error.ts';
import {
  descriptorList,
  MAX_DESCRIPTORS,
  optionalDescriptor,
  parseDescriptor,
  readAnnotations,
} from './parse-descriptor.ts';
import { sniffManifestType } from './sniff-manifest.ts';

type Common = {
  /** What the manifest is taken for: the Content-Type, else the body's own word, else its shape. */
  readonly mediaType: string;
  /** As stated; for an artifact without one the media type of its config, else of its first layer. */
  readonly artifactType?: string;
  readonly subject?: Descriptor;
  readonly annotations: Descriptor['annotations'];
};

export type IndexManifest = Common & { readonly kind: 'index'; readonly manifests: readonly Descriptor[] };
export type ImageManifest = Common & {
  readonly kind: 'image';
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
};
/** An OCI artifact manifest, or an image manifest with an `artifactType`, a config that is no image's, or no layer that is. */
export type ArtifactManifest = Common & {
  readonly kind: 'artifact';
  readonly config?: Descriptor;
  readonly blobs: readonly Descriptor[];
};
/** Docker schema 1. Digests are as written, not checked: nothing is fetched by them. */
export type Schema1Manifest = Common & {
  readonly kind: 'schema1';
  readonly name: string;
  readonly tag: string;
  readonly architecture: string;
  readonly layerDigests: readonly string[];
};
export type UnknownManifest = Common & { readonly kind: 'unknown' };
export type Manifest = IndexManifest | ImageManifest | ArtifactManifest | Schema1Manifest | UnknownManifest;

const CONTENT_KEYS = ['config', 'layers', 'manifests', 'blobs', 'fsLayers', 'history'] as const;
type ContentKey = (typeof CONTENT_KEYS)[number];

/** The content each shape may hold; anything of another shape beside it makes two readings possible (M04). */
const ALLOWED: Readonly<Record<ManifestShape, ReadonlySet<ContentKey>>> = {
  index: new Set(['manifests']),
  image: new Set(['config', 'layers']),
  artifact: new Set(['blobs']),
  schema1: new Set(['fsLayers', 'history']),
};

function has(root: JsonObject, key: ContentKey): boolean {
  return root[key] !== undefined && root[key] !== null;
}

function decideMediaType(root: JsonObject, contentType: string): string {
  const stated = stripParameters(contentType);
  const own = short(optionalText(root, 'mediaType', 'manifest'), 'manifest.mediaType');
  if (isUninformativeType(stated)) {
    return own === undefined
      ? (sniffManifestType(root) ?? (stated || 'application/octet-stream'))
      : stripParameters(own);
  }
  if (own !== undefined && stripParameters(own) !== stated) {
    throw new OciError('ambiguous', 'the mediaType in the manifest is not the Content-Type it came with', own);
  }
  return stated;
}

function checkUnambiguous(root: JsonObject, shape: ManifestShape | undefined): void {
  const present = CONTENT_KEYS.filter((key) => has(root, key));
  const foreign =
    shape === undefined
      ? present.includes('manifests') && present.length > 1
      : present.some((key) => !ALLOWED[shape].has(key));
  if (foreign) throw new OciError('ambiguous', `a manifest with ${present.join(' and ')}`);
}

function readCommon(root: JsonObject, mediaType: string): Common {
  const artifactType = short(optionalText(root, 'artifactType', 'manifest'), 'manifest.artifactType');
  const subject = optionalDescriptor(root, 'subject');
  return {
    mediaType,
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(subject === undefined ? {} : { subject }),
    annotations: readAnnotations(root, 'manifest'),
  };
}

/**
 * What an image manifest is an artifact of, when it is one: it says so, its config is no image's (the specification's
 * rule), or none of its layers is a file system. The last are what cosign and older BuildKit push under an image
 * config: signatures and attestations, which nothing could run. `''` is an artifact of unstated type.
 */
function artifactTypeOf(common: Common, config: Descriptor, layers: readonly Descriptor[]): string | undefined {
  if (common.artifactType !== undefined) return common.artifactType;
  if (config.mediaType === MEDIA_TYPE.ociEmpty) return '';
  if (!isImageConfig(config.mediaType)) return config.mediaType;
  return layers.some((layer) => isImageLayer(layer.mediaType)) ? undefined : layers[0]?.mediaType;
}

function readImage(root: JsonObject, common: Common): ImageManifest | ArtifactManifest {
  const config = parseDescriptor(root['config'], 'config');
  const layers = descriptorList(root, 'layers');
  const artifactType = artifactTypeOf(common, config, layers);
  if (artifactType === undefined) return { ...common, kind: 'image', config, layers };
  return { ...common, ...(artifactType === '' ? {} : { artifactType }), kind: 'artifact', config, blobs: layers };
}

function readSchema1(root: JsonObject, mediaType: string): Schema1Manifest {
  const text = (name: string): string => optionalString(root, name, 'manifest') ?? '';
  const layers = listOf(root, 'fsLayers', 'manifest', MAX_DESCRIPTORS);
  return {
    kind: 'schema1',
    mediaType,
    annotations: [],
    name: text('name'),
    tag: text('tag'),
    architecture: text('architecture'),
    layerDigests: layers.map((layer, index) => {
      const where = `fsLayers[${index}]`;
      return optionalString(asObject(layer, where), 'blobSum', where) ?? '';
    }),
  };
}

const READERS: Readonly<Record<ManifestShape, (root: JsonObject, mediaType: string) => Manifest>> = {
  index: (root, mediaType) => ({
    ...readCommon(root, mediaType),
    kind: 'index',
    manifests: descriptorList(root, 'manifests'),
  }),
  image: (root, mediaType) => readImage(root, readCommon(root, mediaType)),
  artifact: (root, mediaType) => ({
    ...readCommon(root, mediaType),
    kind: 'artifact',
    blobs: descriptorList(root, 'blobs'),
  }),
  schema1: readSchema1,
};

/**
 * Reads a manifest of any kind. `contentType` is the header as it came, or empty; where it says nothing useful
 * (missing, text, plain JSON, octets) the body's own `mediaType` decides, then its fields. The caller bounds the bytes
 * (4 MiB) and has verified them.
 * Spec: OCI image 1.1, manifest.md, image-index.md; Docker image manifest v2 schema 2 and 1.
 * @throws {OciError} kind `not-json`, `too-deep` (M07), `bad-shape`, `bad-size` (M10), `digest-syntax` (M09),
 *   `ambiguous` (M04, M05), `limit` (M12)
 */
export function parseManifest(bytes: Uint8Array, contentType: string): Manifest {
  const root = asObject(parseJson(bytes, { onKey: createKeyCheck(), keyDepth: MANIFEST_KEY_DEPTH }), 'manifest');
  const mediaType = decideMediaType(root, contentType);
  const shape = manifestKind(mediaType);
  checkUnambiguous(root, shape);
  return shape === undefined ? { kind: 'unknown', mediaType, annotations: [] } : READERS[shape](root, mediaType);
}
