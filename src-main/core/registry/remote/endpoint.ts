import { InvalidInputError } from '../../gantry-error.ts';
import type { RegistryConnection } from '../registry-client.ts';
import type { Endpoint } from '../transport/http.ts';

/** Docker Hub's names; all of them are served by one API host. */
const HUB_NAMES: ReadonlySet<string> = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io']);
const HUB_API = 'registry-1.docker.io';

/**
 * Where a registry's API is: `https://host`, plain http only when the person said so, Docker Hub at its API host.
 * @throws {InvalidInputError} for text that is more or less than `host[:port]`
 */
export function endpointOf(connection: RegistryConnection): Endpoint {
  const host = connection.host.toLowerCase();
  const scheme = connection.plainHttp ? 'http' : 'https';
  const url = URL.parse(`${scheme}://${HUB_NAMES.has(host) ? HUB_API : host}`);
  if (url === null || !isBareHost(url, connection.host)) {
    throw new InvalidInputError('host', `not a registry host: ${connection.host.slice(0, 200)}`);
  }
  return { url, skipVerification: connection.skipVerification };
}

function isBareHost(url: URL, host: string): boolean {
  const bare = url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  return bare && host !== '' && !/[\s\\/?#@]/.test(host);
}
