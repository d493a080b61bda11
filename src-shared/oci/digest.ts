import { z } from 'zod';
import { OciError } from './oci-error.ts';

const HEX_LENGTH = { sha256: 64, sha512: 128 } as const;
const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

/**
 * A content digest, `sha256:` or `sha512:` and lower-case hex. The brand is given only here, so a `Digest`
 * can be put in a URL or a path without another check (SECURITY-CASES M09).
 * Spec: OCI image 1.1, descriptor.md, "Digests".
 */
export const digestSchema = z.string().regex(DIGEST, 'not a sha256 or sha512 digest').brand<'Digest'>();
export type Digest = z.infer<typeof digestSchema>;
export type DigestAlgorithm = keyof typeof HEX_LENGTH;

/** True when `text` is a digest Gantry can verify. */
export function isDigest(text: string): text is Digest {
  return DIGEST.test(text);
}

/** @throws {OciError} kind `digest-syntax` */
export function parseDigest(text: string): Digest {
  if (!isDigest(text)) throw new OciError('digest-syntax', 'not a sha256 or sha512 digest', text);
  return text;
}

/** The part before the colon. */
export function digestAlgorithm(digest: Digest): DigestAlgorithm {
  return digest.startsWith('sha512:') ? 'sha512' : 'sha256';
}

/** The hex part. */
export function digestHex(digest: Digest): string {
  return digest.slice(digest.indexOf(':') + 1);
}

/** First `length` hex digits, for people: `9f8a3c21b7d4`. */
export function shortDigest(digest: Digest, length = 12): string {
  return digestHex(digest).slice(0, length);
}
