import type { Descriptor } from '#shared/oci/descriptor.ts';
import { MEDIA_TYPE } from '#shared/oci/media-type.ts';
import { OciError } from '#shared/oci/oci-error.ts';
import { parseDescriptor } from '#shared/oci/parse-descriptor.ts';
import { isObject } from '../transport/is-object.ts';
import type { PageItems } from './page.ts';

/** More entries in one answer are not read (SECURITY-CASES F01); what is cut off is said. */
const MAX_ENTRIES = 5000;

/** True for a body that may be the index of referrers it should be: its own media type decides, else its shape. */
export function isReferrerIndex(body: unknown): body is { readonly manifests: readonly unknown[] } {
  if (!isObject(body)) return false;
  const own = body['mediaType'];
  if (own !== undefined && own !== null && own !== '' && own !== MEDIA_TYPE.ociIndex) return false;
  return Array.isArray(body['manifests']) || (own === MEDIA_TYPE.ociIndex && isNothing(body['manifests']));
}

/**
 * The entries of an index of referrers: broken ones left out and counted, so that one of them does not hide the rest,
 * and of the others those of the artifact type asked for. Inline data is dropped: a row does not need it, and nobody
 * has verified it (SECURITY-CASES M16).
 * Spec: OCI Distribution 1.1, "Listing Referrers".
 */
export function readReferrers(
  body: { readonly manifests?: readonly unknown[] },
  artifactType: string | undefined,
): PageItems<Descriptor> {
  const listed = body.manifests ?? [];
  const read = listed.slice(0, MAX_ENTRIES);
  const valid = read.flatMap((entry) => descriptorOf(entry) ?? []);
  return {
    items: artifactType === undefined ? valid : valid.filter((each) => each.artifactType === artifactType),
    droppedCount: listed.length - valid.length,
    isCut: listed.length > MAX_ENTRIES,
  };
}

function descriptorOf(entry: unknown): Descriptor | undefined {
  try {
    const { data: _data, ...descriptor } = parseDescriptor(entry, 'referrer');
    return descriptor;
  } catch (error) {
    if (error instanceof OciError) return undefined;
    throw error;
  }
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null;
}
