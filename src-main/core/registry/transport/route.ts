import type { Reach } from './address-policy.ts';
import { ProxyError } from './proxy-error.ts';
import type { ProxyDecision, SystemProxies } from './proxy-environment.ts';
import type { ProxyServer } from './proxy-url.ts';
import { isLoopbackName } from './local-host.ts';
import type { TlsMaterial } from './tls-material.ts';
import type { TransportEvent } from './transport-event.ts';

/** The registry on whose behalf a request is made: what a person named, with what they allowed for it. */
export type Endpoint = {
  /** `scheme://host:port` of the API. */
  readonly url: URL;
  /** Stands before `/v2/` in every path: empty, or `/registry`. */
  readonly basePath: string;
  /** For exactly this origin; never for a host it sends us to. */
  readonly skipVerification: boolean;
  readonly tls: TlsMaterial;
  readonly proxy: EndpointProxy;
  /** Told of everything that happens to requests made for this endpoint. Must not throw. */
  readonly observe?: (event: TransportEvent) => void;
};

export type EndpointProxy =
  | { readonly kind: 'system' }
  | { readonly kind: 'none' }
  | { readonly kind: 'server'; readonly server: ProxyServer };

/** How a connection is made: to a registry a person named, or to a host some server named. */
export type Route = {
  readonly tls: TlsMaterial;
  readonly proxy?: ProxyServer;
} & (
  | { readonly kind: 'named'; readonly skipVerification: boolean }
  | { readonly kind: 'foreign'; readonly from: Reach }
);

/** Where in a registry's API a path lies. `path` begins with `/v2/`. */
export function apiUrl(endpoint: Endpoint, path: string): URL {
  return new URL(`${endpoint.basePath}${path}`, endpoint.url);
}

/**
 * A registry's own origin is what the person named; any other host was named by a server and is judged (V4): it gets
 * neither the exception from verification nor the client certificate, and only the authorities hold there too.
 * @throws {ProxyError} when the environment names a proxy that cannot be used
 */
export function routeFor(
  endpoint: Endpoint,
  url: URL,
  context: { readonly dispatchers: { reachOf(hostname: string): Reach }; readonly proxies: SystemProxies },
): Route {
  const proxy = proxyFor(endpoint, url, context.proxies);
  const common = { tls: endpoint.tls, ...(proxy === undefined ? {} : { proxy }) };
  if (url.origin === endpoint.url.origin) {
    return { kind: 'named', skipVerification: endpoint.skipVerification, ...common };
  }
  return { kind: 'foreign', from: context.dispatchers.reachOf(endpoint.url.hostname), ...common };
}

/**
 * The proxy a request of this registry goes through; undefined for none. A proxy given for one registry also carries
 * what that registry sends us to, but for this machine.
 * @throws {ProxyError}
 */
export function proxyFor(endpoint: Endpoint, url: URL, proxies: SystemProxies): ProxyServer | undefined {
  const decision = decide(endpoint, url, proxies);
  if (decision.kind === 'unusable') throw new ProxyError(decision.variable, decision.why);
  return decision.kind === 'proxy' ? decision.server : undefined;
}

function decide({ proxy, url: own }: Endpoint, url: URL, proxies: SystemProxies): ProxyDecision {
  if (proxy.kind === 'none') return { kind: 'direct' };
  if (proxy.kind === 'system') return proxies(url);
  const isAsked = url.origin === own.origin || !isLoopbackName(url.hostname);
  return isAsked ? { kind: 'proxy', server: proxy.server } : { kind: 'direct' };
}
