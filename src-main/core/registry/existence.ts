import type { ManifestHead, RegistryClient } from './registry-client.ts';
import { isRegistryError, type NotFoundWhat, type RegistryError } from './transport/registry-error.ts';

/** Whether something is there. `unknown` is not `absent`: who is about to write must ask further or say so. */
export type Existence =
  | { readonly state: 'present'; readonly head: ManifestHead }
  /** `what` is missing: the manifest, or the whole repository. */
  | { readonly state: 'absent'; readonly what: NotFoundWhat }
  | { readonly state: 'unknown'; readonly why: RegistryError | 'offline' };

/**
 * Whether a manifest is in a repository, by HEAD. 404 is absent whatever its code: registry.redhat.io and Harbor 2.10
 * call a missing manifest UNKNOWN, and a HEAD has no code at all. 403 is unknown: Artifactory answers it for a missing
 * manifest (RTFACT-13797), and others for one that is there. So is what was only kept from earlier.
 * @throws {RegistryError} for every other failure
 */
export async function manifestExistence(
  client: Pick<RegistryClient, 'headManifest'>,
  call: Parameters<RegistryClient['headManifest']>[0],
): Promise<Existence> {
  try {
    const head = await client.headManifest(call);
    return head.offline === undefined ? { state: 'present', head } : { state: 'unknown', why: 'offline' };
  } catch (error) {
    if (isRegistryError(error) && error.failure.kind === 'not-found') {
      return { state: 'absent', what: error.failure.what };
    }
    if (isRegistryError(error, 'forbidden')) return { state: 'unknown', why: error };
    throw error;
  }
}
