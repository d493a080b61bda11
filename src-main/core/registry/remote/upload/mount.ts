import type { Digest } from '#shared/oci/digest.ts';
import { isRepositoryName } from '#shared/oci/reference.ts';
import { isRegistryError, RegistryError } from '../../transport/registry-error.ts';
import { saysStored } from './send-parts.ts';
import { type Session, startSession, type UploadPlace } from './session.ts';

/** More would be requests that a plain upload could have been done in. */
const MAX_CANDIDATES = 3;

/**
 * Takes a blob over from another repository of the same registry: `mounted`, or the upload that the registry begins
 * instead (202), which is good for the blob itself. Undefined when it will do neither: Harbor answers 401 for a project
 * it does not know (harbor#17097), Docker Hub 400 for a path from elsewhere (ggcr#1741); whatever is wrong besides, the
 * plain upload meets again. `from` always goes with `mount`: Quay takes no mount alone.
 * Spec: OCI Distribution 1.1, "Mounting a blob from another repository"; SECURITY-CASES U06.
 * @throws {RegistryError} `cancelled`
 */
export async function mountBlob(
  place: UploadPlace,
  digest: Digest,
  from: readonly string[],
): Promise<'mounted' | Session | undefined> {
  const others = [...new Set(from)].filter((each) => each !== place.repository && isRepositoryName(each));
  for (const each of others.slice(0, MAX_CANDIDATES)) {
    try {
      const started = await startSession(place, { digest, from: each });
      if (!('mounted' in started)) return started;
      saysStored(started.mounted, digest);
      return 'mounted';
    } catch (error) {
      if (!(error instanceof RegistryError) || error.kind === 'cancelled') throw error;
      if (!isRegistryError(error, ...ABOUT_THE_SOURCE)) return undefined;
    }
  }
  return undefined;
}

/** Refusals that may concern this one source, so that the next may do. */
const ABOUT_THE_SOURCE = ['unauthorized', 'forbidden', 'not-found', 'registry'] as const;
