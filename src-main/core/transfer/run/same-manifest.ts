import type { Digest } from '#shared/oci/digest.ts';
import { parseJson } from '#shared/oci/json.ts';
import { MEDIA_TYPE } from '#shared/oci/media-type.ts';
import { digestOf } from '../../content-digest.ts';
import { signedPayload } from '../../registry/remote/schema1.ts';
import type { ManifestBytes } from '../ends.ts';

/**
 * Is this a name of that manifest? Registries name signed schema 1 by the digest of its payload, archives by that of all
 * its bytes (SECURITY-CASES M13); of everything else there is one name.
 */
export function isNameOf(digest: Digest | undefined, { bytes, digest: own, mediaType }: ManifestBytes): boolean {
  if (digest === undefined || digest === own) return digest === own;
  if (mediaType !== MEDIA_TYPE.dockerSchema1Signed) return false;
  const payload = signedPayload(bytes, parseJson(bytes));
  return [bytes, payload].some((named) => named !== undefined && digestOf(named) === digest);
}
