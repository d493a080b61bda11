import type { Descriptor } from '#shared/oci/descriptor.ts';
import { type Digest, isDigest } from '#shared/oci/digest.ts';
import { type Manifest, parseManifest } from '#shared/oci/manifest.ts';
import { isForeignLayer } from '#shared/oci/media-type.ts';
import { OciError } from '#shared/oci/oci-error.ts';
import type { ManifestBytes } from '../ends.ts';

export type NodeKind = Manifest['kind'];
export type BlobRole = 'config' | 'layer' | 'blob';

export type NodeBlob = {
  readonly descriptor: Descriptor;
  readonly role: BlobRole;
  /** Its bytes lie elsewhere (`urls`). */
  readonly isForeign: boolean;
};

/** A manifest and what it names. */
export type ManifestNode = {
  readonly manifest: ManifestBytes;
  readonly kind: NodeKind;
  /** Of an index, in its order. */
  readonly children: readonly Descriptor[];
  readonly blobs: readonly NodeBlob[];
  /** What it refers to, as a signature does. */
  readonly subject?: Digest;
};

/** Schema 1 names its layers without their sizes: it is asked for where the bytes are. */
export const UNKNOWN_SIZE = -1;

/**
 * Reads what a manifest names; the bytes stay what they are. What is no JSON for its bytes alone (a byte order mark,
 * text that is not UTF-8) is read past them: digests and sizes are ASCII, and it is copied exactly as it came (M17).
 * @throws {OciError} as `parseManifest`
 */
export function readNode(manifest: ManifestBytes): ManifestNode {
  const parsed = parseLeniently(manifest);
  const { kind, subject } = { subject: undefined, ...parsed };
  const refersTo = subject === undefined ? {} : { subject: subject.digest };
  return { manifest, kind, children: childrenOf(parsed), blobs: blobsOf(parsed), ...refersTo };
}

function parseLeniently({ bytes, mediaType }: ManifestBytes): Manifest {
  try {
    return parseManifest(bytes, mediaType);
  } catch (error) {
    if (!(error instanceof OciError) || error.kind !== 'not-json') throw error;
    // Without `fatal` the decoder drops a byte order mark and puts a replacement for what is no text.
    return parseManifest(Buffer.from(new TextDecoder().decode(bytes)), mediaType);
  }
}

function childrenOf(manifest: Manifest): readonly Descriptor[] {
  return manifest.kind === 'index' ? manifest.manifests : [];
}

function blobsOf(manifest: Manifest): readonly NodeBlob[] {
  if (manifest.kind === 'image') return [blob('config')(manifest.config), ...manifest.layers.map(blob('layer'))];
  if (manifest.kind === 'schema1') return schema1Blobs(manifest.layerDigests);
  if (manifest.kind !== 'artifact') return [];
  const config = manifest.config === undefined ? [] : [blob('config')(manifest.config)];
  return [...config, ...manifest.blobs.map(blob('blob'))];
}

function blob(role: BlobRole): (descriptor: Descriptor) => NodeBlob {
  return (descriptor) => ({ descriptor, role, isForeign: isForeignLayer(descriptor.mediaType) });
}

/** Each once: schema 1 repeats its empty layer for every line of history. */
function schema1Blobs(digests: readonly string[]): readonly NodeBlob[] {
  return [...new Set(digests)].map((digest) => {
    if (!isDigest(digest)) throw new OciError('digest-syntax', 'a layer that is not named by a digest', digest);
    const mediaType = 'application/octet-stream';
    return blob('layer')({ mediaType, digest, sizeBytes: UNKNOWN_SIZE, annotations: [], urls: [] });
  });
}
