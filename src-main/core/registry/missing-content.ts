import { type Digest, isDigest } from '#shared/oci/digest.ts';
import { isRegistryError } from './transport/registry-error.ts';

/** What a manifest names and the registry does not have. Nothing is named by registries that only complain. */
export type MissingContent = { readonly digests: readonly Digest[] };

/** Of blobs, and of an index the manifests it lists. Spec: OCI Distribution 1.1, "Error Codes". */
const MISSING: ReadonlySet<string> = new Set(['BLOB_UNKNOWN', 'MANIFEST_BLOB_UNKNOWN', 'MANIFEST_UNKNOWN']);

const DIGESTS = /sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}/g;

/**
 * What is to be sent anew when a registry refuses a manifest for what it names; undefined for every other failure. A
 * HEAD may have said that it was there (SECURITY-CASES B09, FI15): the registry's word about its own content counts.
 */
export function missingContent(error: unknown): MissingContent | undefined {
  if (!isRegistryError(error, 'registry', 'not-found') || error.trace?.method !== 'PUT') return undefined;
  const codes = 'codes' in error.failure ? error.failure.codes.filter(({ code }) => MISSING.has(code)) : [];
  if (codes.length === 0) return undefined;
  const named = codes.flatMap(({ message, detail = '' }) => `${message} ${detail}`.match(DIGESTS) ?? []);
  return { digests: [...new Set(named)].filter(isDigest) };
}
