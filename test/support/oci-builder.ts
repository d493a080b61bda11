import { createHash } from 'node:crypto';
import { type Digest, parseDigest } from '#shared/oci/digest.ts';
import { MEDIA_TYPE } from '#shared/oci/media-type.ts';

/** A descriptor as it stands in a manifest on the wire. */
export type WireDescriptor = {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly [field: string]: unknown;
};

/** A document, and the descriptor that points to it. */
export type Built = { readonly bytes: Uint8Array; readonly descriptor: WireDescriptor };

export function digestOf(bytes: Uint8Array): Digest {
  return parseDigest(`sha256:${createHash('sha256').update(bytes).digest('hex')}`);
}

export function bytesOf(content: unknown): Uint8Array {
  return Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
}

/** Bytes (text as it is, anything else as JSON) under a media type; `extra` fields go into the descriptor. */
export function build(content: unknown, mediaType: string, extra: Readonly<Record<string, unknown>> = {}): Built {
  const bytes = content instanceof Uint8Array ? content : bytesOf(content);
  return { bytes, descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length, ...extra } };
}

export function buildLayer(content = 'layer', mediaType = 'application/vnd.oci.image.layer.v1.tar+gzip'): Built {
  return build(content, mediaType);
}

/** A config of linux/amd64 with one history line and diff id a layer, unless `fields` say otherwise. */
export function buildConfig(layers: readonly Built[], fields: Readonly<Record<string, unknown>> = {}): Built {
  const config = {
    created: '2026-11-01T10:00:00Z',
    os: 'linux',
    architecture: 'amd64',
    config: { Env: ['PATH=/bin'], Cmd: ['sh'] },
    rootfs: { type: 'layers', diff_ids: layers.map((_layer, index) => digestOf(bytesOf(`diff ${index}`))) },
    history: layers.map((_layer, index) => ({ created_by: `RUN step ${index}` })),
    ...fields,
  };
  return build(config, MEDIA_TYPE.ociConfig);
}

export type ImageParts = {
  readonly layers?: readonly Built[];
  /** Fields of the config. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Fields of the manifest. */
  readonly manifest?: Readonly<Record<string, unknown>>;
  /** Fields of the descriptor, such as a platform. */
  readonly descriptor?: Readonly<Record<string, unknown>>;
};

export type BuiltImage = Built & { readonly config: Built; readonly layers: readonly Built[] };

/** A whole OCI image of one platform: manifest, config, layers. */
export function buildImage(parts: ImageParts = {}): BuiltImage {
  const layers = parts.layers ?? [buildLayer('layer 0'), buildLayer('layer 1')];
  const config = buildConfig(layers, parts.config);
  const manifest = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.ociManifest,
    config: config.descriptor,
    layers: layers.map((layer) => layer.descriptor),
    ...parts.manifest,
  };
  return { ...build(manifest, MEDIA_TYPE.ociManifest, parts.descriptor), config, layers };
}

/** An OCI index over what is already built. */
export function buildIndex(children: readonly Built[], fields: Readonly<Record<string, unknown>> = {}): Built {
  const manifests = children.map((child) => child.descriptor);
  return build({ schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests, ...fields }, MEDIA_TYPE.ociIndex);
}

/** A buildx attestation manifest for `subject`. */
export function buildAttestation(subject: string, content = 'provenance'): BuiltImage {
  return buildImage({
    layers: [buildLayer(content, 'application/vnd.in-toto+json')],
    descriptor: {
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: { 'vnd.docker.reference.type': 'attestation-manifest', 'vnd.docker.reference.digest': subject },
    },
  });
}
