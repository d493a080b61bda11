import type { Digest } from '#shared/oci/digest.ts';
import { headerLines } from '../../transport/headers.ts';
import type { Endpoint, HttpResponse } from '../../transport/http.ts';
import { RegistryError, type RequestTrace } from '../../transport/registry-error.ts';

/** Where the bytes of an upload may go. */
export type UploadRules = {
  readonly endpoint: Endpoint;
  /** Hosts (`host[:port]`) besides the registry's own. */
  readonly uploadHosts: readonly string[];
};

/**
 * Where an upload goes on, from the one `Location` of an answer, relative or absolute, its query kept as it is.
 * Spec: OCI Distribution 1.1, "Pushing blobs"; SECURITY-CASES U01, U02, V6.
 * @throws {RegistryError} `protocol{upload}`, `untrusted-host`
 */
export function uploadLocation(
  { headers, url, trace }: Pick<HttpResponse, 'headers' | 'url' | 'trace'>,
  rules: UploadRules,
): URL {
  const [location, second] = headerLines(headers, 'location');
  if (location === undefined || location === '' || second !== undefined) {
    throw refuse('an upload needs exactly one Location', trace);
  }
  // What WHATWG URL would repair is refused instead.
  if (/[\p{Cc} \\]/u.test(location)) throw refuse('Location holds a control character, space or backslash', trace);
  const target = URL.parse(location, url.href);
  if (target === null) throw refuse('Location is no URL', trace);
  return checkUploadUrl(target, rules, trace);
}

/**
 * The address as it may be sent to: the registry's own host always by the scheme and port that it is reached by, since
 * behind a proxy that ends TLS it does not know them (distribution#996, #2572); another host by https, and only when the
 * person allows it. Its literal or resolved address is judged when it is connected to.
 * @throws {RegistryError} as `uploadLocation`
 */
export function checkUploadUrl(target: URL, { endpoint, uploadHosts }: UploadRules, trace: RequestTrace): URL {
  if (target.protocol !== 'https:' && target.protocol !== 'http:') throw refuse('Location is no http address', trace);
  if (target.username !== '' || target.password !== '') throw refuse('Location holds a user name', trace);
  if (target.hostname === endpoint.url.hostname) return atRegistry(target, endpoint);
  const { host } = target;
  if (target.protocol !== 'https:') throw refuse(`an upload would go to ${host} over plain http`, trace);
  if (!uploadHosts.includes(host)) {
    const registryHost = endpoint.url.host;
    const detail = `${registryHost} wants the upload sent to ${host}`;
    throw new RegistryError({ kind: 'untrusted-host', host, registryHost, detail, forUpload: true }, trace);
  }
  return withoutHash(target);
}

/** The parts are set one by one: a path of `//host` would be read as a host. */
function atRegistry({ pathname, search }: URL, { url, basePath }: Endpoint): URL {
  const own = new URL(url);
  const hasLostPrefix = basePath !== '' && pathname.startsWith('/v2/');
  own.pathname = hasLostPrefix ? `${basePath}${pathname}` : pathname;
  own.search = search;
  return own;
}

function withoutHash(target: URL): URL {
  const bare = new URL(target);
  bare.hash = '';
  return bare;
}

/** The same address with the digest that closes the upload put after its own query. */
export function withDigest(location: URL, digest: Digest): URL {
  const url = new URL(location);
  const query = url.search.slice(1);
  const joint = query === '' || query.endsWith('&') ? '' : '&';
  // With its question mark: of a query that begins with one the setter would take it away.
  url.search = `?${query}${joint}digest=${digest}`;
  return url;
}

function refuse(detail: string, trace: RequestTrace): RegistryError {
  return new RegistryError({ kind: 'protocol', reason: 'upload', detail }, trace);
}
