import { OciError } from '#shared/oci/oci-error.ts';
import { isRepositoryName } from '#shared/oci/reference.ts';
import { canonicalRegistryHost, DOCKER_HUB } from '#shared/oci/registry-host.ts';
import { InvalidInputError } from '../../gantry-error.ts';
import type { ProxyChoice, RegistryConnection } from '../registry-client.ts';
import type { Endpoint } from '../transport/http.ts';
import { isLocalHost } from '../transport/local-host.ts';
import { readProxyChoice } from '../transport/proxy-url.ts';
import type { EndpointProxy } from '../transport/route.ts';
import { readTlsMaterial } from '../transport/tls-material.ts';

/** Docker Hub's registry has an API host of its own; `docker.io` serves web pages. */
const HUB_API_HOST = 'registry-1.docker.io';

/** Where a registry's API may be, in the order to try. `observe` is told of every request made for it. */
export type EndpointChoices = {
  readonly first: Endpoint;
  /** Plain http, when that may be tried though nobody asked for it. */
  readonly fallback?: Endpoint;
};

/**
 * Where a registry's API may be: `https://host`, and plain http after it for hosts on this machine or at a private
 * address, unless https was seen there before; http alone when the person said so. Docker Hub is at its API host whatever name it is called by.
 * @throws {InvalidInputError} `host`, `apiPrefix`, `proxy.url`, and what `readTlsMaterial` throws
 */
export function endpointChoices(connection: RegistryConnection, observe?: Endpoint['observe']): EndpointChoices {
  const host = canonical(connection.host);
  const apiHost = host === DOCKER_HUB ? HUB_API_HOST : host;
  const common = {
    basePath: readBasePath(connection.apiPrefix ?? ''),
    skipVerification: connection.skipVerification,
    tls: readTlsMaterial(connection.tls),
    proxy: readProxy(connection.proxy),
    ...(observe === undefined ? {} : { observe }),
  };
  if (connection.plainHttp) return { first: { url: urlOf('http', apiHost), ...common } };
  const first = { url: urlOf('https', apiHost), ...common };
  if (connection.httpsSeen === true) return { first };
  // Through a proxy of its own even `localhost` leaves this machine, which plain http must not do unasked.
  if (!isLocalHost(first.url.hostname) || common.proxy.kind === 'server') return { first };
  return { first, fallback: { url: urlOf('http', apiHost), ...common } };
}

function urlOf(scheme: 'http' | 'https', host: string): URL {
  const url = URL.parse(`${scheme}://${host}`);
  if (url === null) throw new InvalidInputError('host', 'not a registry host');
  return url;
}

function canonical(host: string): string {
  try {
    return canonicalRegistryHost(host);
  } catch (cause) {
    if (cause instanceof OciError) throw new InvalidInputError('host', cause.message, { cause });
    throw cause;
  }
}

const PATH_SEGMENT = /^(?!\.{1,2}$)[A-Za-z0-9._~-]+$/;

/**
 * `registry`, `/registry/` and `/registry/v2/` all mean `/registry`. What it gives is read as itself.
 * @throws {InvalidInputError} `apiPrefix`
 */
export function readBasePath(text: string): string {
  const path = text
    .trim()
    .replace(/^\/+|\/+$/g, '')
    .replace(/(?:^|\/)v2(?:\/v2)*$/, '');
  if (path === '') return '';
  if (path.length > 512 || !path.split('/').every((segment) => PATH_SEGMENT.test(segment))) {
    throw new InvalidInputError('apiPrefix', 'not a path such as /registry');
  }
  return `/${path}`;
}

/** The mirror's path without slashes around it; empty for none. @throws {InvalidInputError} `repositoryPrefix` */
export function readRepositoryPrefix(text: string): string {
  const prefix = text.trim().replace(/^\/+|\/+$/g, '');
  if (prefix === '' || isRepositoryName(prefix)) return prefix;
  throw new InvalidInputError('repositoryPrefix', 'not the path of a repository, such as hub or mirrors/hub');
}

function readProxy(choice: ProxyChoice | undefined): EndpointProxy {
  if (choice === undefined || choice.kind !== 'url') return { kind: choice?.kind ?? 'system' };
  return { kind: 'server', server: readProxyChoice(choice.url) };
}
