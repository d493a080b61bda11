import { createHash } from 'node:crypto';
import type { Digest, DigestAlgorithm } from '#shared/oci/digest.ts';
import { parseDigest } from '#shared/oci/digest.ts';

/** A platform as it stands in an index, in JSON. */
export type WirePlatform = {
  readonly architecture: string;
  readonly os: string;
  readonly 'os.version'?: string;
  readonly 'os.features'?: readonly string[];
  readonly variant?: string;
};

/** A descriptor as it stands in a manifest, in JSON. */
export type WireDescriptor = {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
  readonly platform?: WirePlatform;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly artifactType?: string;
  readonly urls?: readonly string[];
  readonly data?: string;
};

export type BuiltBlob = { readonly digest: Digest; readonly bytes: Uint8Array };
export type BuiltManifest = BuiltBlob & { readonly mediaType: string };

/** Something that can be pushed: its root descriptor and everything below it. */
export type BuiltContent = {
  readonly descriptor: WireDescriptor;
  readonly blobs: readonly BuiltBlob[];
  /** Children before parents; the root is last. Pushing in this order never refers to what is not there. */
  readonly manifests: readonly BuiltManifest[];
};

/** Digest of bytes. */
export function digestOfBytes(bytes: Uint8Array, algorithm: DigestAlgorithm = 'sha256'): Digest {
  return parseDigest(`${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`);
}

/** A blob from bytes or text. */
export function buildBlob(content: Uint8Array | string): BuiltBlob {
  const bytes = Buffer.from(content);
  return { digest: digestOfBytes(bytes), bytes };
}

/** A value as compact JSON, in the order of its members. */
export function buildJsonBlob(value: unknown): BuiltBlob {
  return buildBlob(JSON.stringify(value));
}

/** A blob's descriptor. */
export function describe(
  { digest, bytes }: BuiltBlob,
  mediaType: string,
  more: Partial<WireDescriptor> = {},
): WireDescriptor {
  return { mediaType, digest, size: bytes.byteLength, ...more };
}

/** A manifest over parts that are built already: `value` is its JSON, `below` what it refers to. */
export function buildManifest(
  mediaType: string,
  value: unknown,
  below: { readonly blobs?: readonly BuiltBlob[]; readonly contents?: readonly BuiltContent[] } = {},
): BuiltContent {
  const root = { ...buildBlob(JSON.stringify(value, undefined, 2)), mediaType };
  const contents = below.contents ?? [];
  return {
    descriptor: describe(root, mediaType),
    blobs: unique([...contents.flatMap((content) => content.blobs), ...(below.blobs ?? [])]),
    manifests: unique([...contents.flatMap((content) => content.manifests), root]),
  };
}

function unique<T extends BuiltBlob>(items: readonly T[]): readonly T[] {
  return [...new Map(items.map((item) => [item.digest, item])).values()];
}
