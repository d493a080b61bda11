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

/** For a push. @throws {SpecError} 400 for text that is neither a digest nor a tag */
export function requireReference(text: string): ManifestReference {
  const reference = readReference(text);
  if (reference !== undefined) return reference;
  throw new SpecError(400, 'NAME_INVALID', 'neither a digest nor a tag');
}

/**
 * For what must be there already: undefined is text that can name nothing, which the conformance suite of 1.1.1 wants
 * answered as absent. @throws {SpecError} 400 DIGEST_INVALID for a digest that is none
 */
export function readReference(text: string): ManifestReference | undefined {
  if (text.includes(':')) return { digest: requireDigest(text) };
  return isTag(text) ? { tag: text } : undefined;
}
