import { DOCKER_HUB, canonicalRegistryHost } from '#shared/oci/registry-host.ts';
import { LOCAL_ID } from '../core/connections/connection-book.ts';
import { identityOf } from '../core/connections/identity.ts';
import { createPerPersonClient } from '../core/connections/per-person-client.ts';
import { withDigestCache } from '../core/image/digest-cache.ts';
import { withKeptAnswers } from '../core/image/kept/with-kept-answers.ts';
import type { Clock } from '../core/ports.ts';
import type { RegistryClient, RegistryConnection } from '../core/registry/registry-client.ts';
import type { Cache } from '../core/storage/cache/open-cache.ts';

type Dependencies = {
  readonly cache: Cache;
  readonly clock: Clock;
  /** The client that only asks. */
  readonly create: (connection: RegistryConnection) => RegistryClient;
};

/**
 * A client with memory and shelf. The Local registry is always there and changes under our eyes: of it only memory
 * keeps anything. With docker's and podman's config each person they name has a memory and a shelf of their own.
 */
export function rememberingClient(
  registryId: string,
  connection: RegistryConnection,
  dependencies: Dependencies,
): RegistryClient {
  const { cache, clock, create } = dependencies;
  if (registryId === LOCAL_ID) return withDigestCache(create(connection));
  const remember = (reach: RegistryConnection, person?: string): RegistryClient => {
    const shelf = cache.shelf({ registryId, identity: identityOf(reach, person) });
    const countsPulls = canonicalRegistryHost(reach.host) === DOCKER_HUB;
    return withDigestCache(withKeptAnswers(create(reach), { shelf, clock, countsPulls }));
  };
  const { credential, credentialSource: source } = connection;
  if (credential !== undefined || source === undefined) return remember(connection);
  const make = (reach: RegistryConnection, person: string | undefined): RegistryClient =>
    person === undefined ? create(reach) : remember(reach, person);
  return createPerPersonClient({ connection, source, make });
}
