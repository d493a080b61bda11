import { OciError } from '#shared/oci/oci-error.ts';
import { canonicalRegistryHost, DOCKER_HUB } from '#shared/oci/registry-host.ts';
import { InvalidInputError } from '../../gantry-error.ts';
import type { RegistryConnection } from '../registry-client.ts';
import type { Endpoint } from '../transport/http.ts';

/** Docker Hub's registry has an API host of its own; `docker.io` serves web pages. */
const HUB_API_HOST = 'registry-1.docker.io';

/**
 * Where a registry's API is: `https://host`, plain http only when the person said so, Docker Hub at its API host.
 * @throws {InvalidInputError} for text that is not `host[:port]`
 */
export function endpointOf(connection: RegistryConnection): Endpoint {
  const scheme = connection.plainHttp ? 'http' : 'https';
  const host = canonical(connection.host);
  const url = URL.parse(`${scheme}://${host === DOCKER_HUB ? HUB_API_HOST : host}`);
  if (url === null) throw new InvalidInputError('host', 'not a registry host');
  return { url, skipVerification: connection.skipVerification };
}

function canonical(host: string): string {
  try {
    return canonicalRegistryHost(host);
  } catch (cause) {
    if (cause instanceof OciError) throw new InvalidInputError('host', cause.message, { cause });
    throw cause;
  }
}
