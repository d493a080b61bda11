import { InvalidInputError } from '../gantry-error.ts';
import type { ProxyChoice } from '../registry/registry-client.ts';
import { readBasePath, readRepositoryPrefix } from '../registry/remote/endpoint.ts';
import { type CheckedTls, checkTls, type TlsInput } from './tls-input.ts';

/** How a registry is reached besides its host, as a person typed it. */
export type ReachInput = {
  readonly tls: TlsInput;
  readonly proxy: ProxyChoice;
  readonly apiPrefix: string;
  readonly repositoryPrefix: string;
  readonly trustedTokenHosts: readonly string[];
  readonly uploadHosts: readonly string[];
  readonly uploadChunkBytes?: number | undefined;
};

/** The same, usable: PEM texts parsed, addresses and paths in their one spelling. */
export type CheckedReach = Omit<ReachInput, 'tls'> & { readonly tls: CheckedTls };

const HOST_AND_PORT = /^(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?$/i;

/**
 * @throws {InvalidInputError} paths `tls.…`, `proxy.url`, `apiPrefix`, `repositoryPrefix`, `trustedTokenHosts`,
 *   `uploadHosts`; what was typed is never repeated
 */
export function checkReach(input: ReachInput): CheckedReach {
  return {
    tls: checkTls(input.tls),
    proxy: checkProxy(input.proxy),
    apiPrefix: readBasePath(input.apiPrefix),
    repositoryPrefix: readRepositoryPrefix(input.repositoryPrefix),
    trustedTokenHosts: eachOnce(input.trustedTokenHosts, 'trustedTokenHosts'),
    uploadHosts: eachOnce(input.uploadHosts, 'uploadHosts'),
    uploadChunkBytes: input.uploadChunkBytes,
  };
}

function eachOnce(hosts: readonly string[], path: HostPath): readonly string[] {
  return [...new Set(hosts.map((host) => checkOtherHost(host, path)))];
}

type HostPath = 'trustedTokenHosts' | 'uploadHosts';

/** A token server as a realm's URL names it: lower case, without https's own port. @throws {InvalidInputError} */
export function checkTokenHost(text: string): string {
  return checkOtherHost(text, 'trustedTokenHosts');
}

function checkOtherHost(text: string, path: HostPath): string {
  const bare = text
    .trim()
    .replace(/^https:\/\//i, '')
    .replace(/\/$/, '');
  const host = HOST_AND_PORT.test(bare) ? URL.parse(`https://${bare}`)?.host : undefined;
  if (host === undefined) throw new InvalidInputError(path, 'not a host name');
  return host;
}

/** A user name or password in it would be stored in the open. */
function checkProxy(proxy: ProxyChoice): ProxyChoice {
  if (proxy.kind !== 'url') return proxy;
  const text = proxy.url.trim();
  const url = URL.parse(/^[a-z]+:\/\//i.test(text) ? text : `http://${text}`);
  const isUsable = url !== null && ['http:', 'https:'].includes(url.protocol) && url.hostname !== '';
  if (!isUsable || !['', '/'].includes(url.pathname) || url.search !== '' || url.hash !== '') {
    throw new InvalidInputError('proxy.url', 'not an http:// or https:// address of a proxy');
  }
  if (url.username !== '' || url.password !== '') {
    throw new InvalidInputError('proxy.url', 'a user name or password does not belong in the address');
  }
  return { kind: 'url', url: url.origin };
}
