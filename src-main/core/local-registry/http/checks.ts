import { type Digest, isDigest } from '#shared/oci/digest.ts';
import { isTag } from '#shared/oci/reference.ts';
import { SpecError } from './spec-error.ts';

/** @throws {SpecError} 400 DIGEST_INVALID */
export function requireDigest(text: string | null | undefined): Digest {
  if (typeof text === 'string' && isDigest(text)) return text;
  throw new SpecError(400, 'DIGEST_INVALID', 'a sha256 or sha512 digest is needed here');
}

/** What a manifest path names. */
export type ManifestReference = { readonly digest: Digest } | { readonly tag: string };

/** @throws {SpecError} 400 for text that is neither a digest nor a tag */
export function requireReference(text: string): ManifestReference {
  if (text.includes(':')) return { digest: requireDigest(text) };
  if (isTag(text)) return { tag: text };
  throw new SpecError(400, 'NAME_INVALID', 'neither a digest nor a tag');
}
