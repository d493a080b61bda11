import type { Digest } from '#shared/oci/digest.ts';
import { isRepositoryName } from '#shared/oci/reference.ts';
import { isRegistryError, RegistryError } from '../../transport/registry-error.ts';
import { setbackOfFailure } from '../../transport/retry.ts';
import { saysStored } from './send-parts.ts';
import { type Session, startSession, type UploadPlace } from './session.ts';

/** More would be requests that a plain upload could have been done in. */
const MAX_CANDIDATES = 3;

/**
 * Takes a blob over from another repository of the same registry: `mounted`, or the upload that the registry begins
 * instead (202), which is good for the blob itself. Undefined when it will do neither: Harbor answers 401 for a project
 * it does not know (harbor#17097), Docker Hub 400 for a path from elsewhere (ggcr#1741); whatever is wrong besides, the
 * plain upload meets again. What passes (503) is tried once more if `goOn` says so: to send it all costs more than to
 * wait a moment. `from` always goes with `mount`: Quay takes no mount alone.
 * Spec: OCI Distribution 1.1, "Mounting a blob from another repository"; SECURITY-CASES U06.
 * @throws {RegistryError} `cancelled`
 */
export async function mountBlob(
  place: UploadPlace,
  digest: Digest,
  from: readonly string[],
  goOn: (error: RegistryError) => Promise<boolean>,
): Promise<'mounted' | Session | undefined> {
  const others = [...new Set(from)].filter((each) => each !== place.repository && isRepositoryName(each));
  for (const each of others.slice(0, MAX_CANDIDATES)) {
    let outcome = await mountOnce(place, digest, each);
    if (isRegistryError(outcome) && isPassing(outcome) && (await goOn(outcome))) {
      outcome = await mountOnce(place, digest, each);
    }
    if (!isRegistryError(outcome)) return outcome;
    if (!isRegistryError(outcome, ...ABOUT_THE_SOURCE)) return undefined;
  }
  return undefined;
}

/** A server error is more often a bug of mounting than a restart: the plain upload knows no such bug. */
function isPassing(error: RegistryError): boolean {
  const kind = setbackOfFailure(error, true)?.kind;
  return kind !== undefined && kind !== 'server-error';
}

/** What came of it, a refusal too. @throws {RegistryError} `cancelled`; whatever is no `RegistryError` */
async function mountOnce(
  place: UploadPlace,
  digest: Digest,
  from: string,
): Promise<'mounted' | Session | RegistryError> {
  try {
    const started = await startSession(place, { digest, from });
    if (!('mounted' in started)) return started;
    saysStored(started.mounted, digest);
    return 'mounted';
  } catch (error) {
    if (!(error instanceof RegistryError) || error.kind === 'cancelled') throw error;
    return error;
  }
}

/** Refusals that may concern this one source, so that the next may do. */
const ABOUT_THE_SOURCE = ['unauthorized', 'forbidden', 'not-found', 'registry'] as const;
