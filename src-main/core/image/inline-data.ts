import { createHash } from 'node:crypto';
import type { Descriptor } from '#shared/oci/descriptor.ts';
import { type Digest, digestAlgorithm } from '#shared/oci/digest.ts';

/** True when `bytes` are what the digest names. */
export function hasDigest(bytes: Uint8Array, digest: Digest): boolean {
  return digestLike(bytes, digest) === digest;
}

function digestLike(bytes: Uint8Array, digest: Digest): string {
  const algorithm = digestAlgorithm(digest);
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
}

/** What a descriptor carries inline: nothing, the blob itself, or something else than its digest and size promise. */
export type InlineData =
  | { readonly state: 'none' }
  | { readonly state: 'verified'; readonly bytes: Uint8Array }
  | { readonly state: 'mismatch'; readonly actualDigest: string; readonly actualSizeBytes: number };

/**
 * Decodes and verifies a descriptor's `data` by size and digest.
 * Spec: OCI image 1.1, descriptor.md, "Embedded Content"; SECURITY-CASES M16.
 */
export function readInlineData({ data, digest, sizeBytes }: Descriptor): InlineData {
  if (data === undefined) return { state: 'none' };
  const bytes = Buffer.from(data, 'base64');
  const actualDigest = digestLike(bytes, digest);
  if (bytes.length === sizeBytes && actualDigest === digest) return { state: 'verified', bytes };
  return { state: 'mismatch', actualDigest, actualSizeBytes: bytes.length };
}

/** The descriptor as it may be shown: without inline data that is not what its digest names. */
export function withoutBadData(descriptor: Descriptor): Descriptor {
  if (readInlineData(descriptor).state !== 'mismatch') return descriptor;
  const { data: _data, ...rest } = descriptor;
  return rest;
}
