import { zstdCompressSync } from 'node:zlib';
import { gzip } from 'pako';
import type { Digest } from '#shared/oci/digest.ts';
import { type LayerCompression as AnyCompression, MEDIA_TYPE } from '#shared/oci/media-type.ts';
import { type BuiltBlob, buildBlob, describe, digestOfBytes, type WireDescriptor } from './content.ts';
import { type TarEntry, writeTar } from './tar.ts';

/** What a layer can be built with. */
export type LayerCompression = Exclude<AnyCompression, 'unknown'>;

/** A layer: the compressed blob and the digest of the tar inside it. */
export type BuiltLayer = {
  readonly blob: BuiltBlob;
  readonly descriptor: WireDescriptor;
  readonly diffId: Digest;
  readonly tarSizeBytes: number;
};

export type LayerOptions = {
  /** gzip when absent. */
  readonly compression?: LayerCompression;
  readonly annotations?: Readonly<Record<string, string>>;
};

/** A layer from tar entries. gzip gives the same bytes on every machine; zstd those of Node's own library. */
export function buildLayer(entries: readonly TarEntry[], options: LayerOptions = {}): BuiltLayer {
  return buildLayerFromTar(writeTar(entries), options);
}

/** A layer from a finished tar, or from bytes that only pretend to be one. */
export function buildLayerFromTar(tar: Uint8Array, options: LayerOptions = {}): BuiltLayer {
  const { compression = 'gzip', annotations } = options;
  const blob = buildBlob(compress(tar, compression));
  const mediaType = { gzip: MEDIA_TYPE.ociLayerGzip, zstd: MEDIA_TYPE.ociLayerZstd, none: MEDIA_TYPE.ociLayer }[
    compression
  ];
  return {
    blob,
    descriptor: describe(blob, mediaType, annotations && { annotations }),
    diffId: digestOfBytes(tar),
    tarSizeBytes: tar.byteLength,
  };
}

/** The same gzip layer under Docker's media type. */
export function asDockerLayer(layer: BuiltLayer): BuiltLayer {
  return { ...layer, descriptor: { ...layer.descriptor, mediaType: MEDIA_TYPE.dockerLayerGzip } };
}

function compress(tar: Uint8Array, compression: LayerCompression): Uint8Array {
  if (compression === 'none') return tar;
  if (compression === 'zstd') return zstdCompressSync(tar);
  // Not node:zlib: its deflate uses other instructions on other processors, and then other matches.
  return gzip(tar, { level: 6 });
}
