import type { LookupFunction, Socket } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import type { Clock, Logger } from '../../ports.ts';
import {
  AddressBlockedError,
  classifyAddress,
  type ClassifyAddress,
  literalAddress,
  mayReach,
  outermost,
  type Reach,
} from './address-policy.ts';
import { discard } from './body.ts';
import { type Connector, createConnector, type Inspect, openSocket } from './connector.ts';
import { createLookUps } from './look-ups.ts';
import { createProxyConnector, createTunnels, proxyHeaders, type Tunnels } from './proxy-tunnel.ts';
import { proxyRefusal } from './proxy-error.ts';
import { repeatLost } from './repeat-lost.ts';
import type { Route } from './route.ts';
import type { Timeouts } from './timeouts.ts';
import { createTlsTrust, type TlsTrust } from './tls-trust.ts';

export type DispatchRequest = Omit<Dispatcher.RequestOptions, 'origin' | 'path' | 'headers' | 'query' | 'signal'> & {
  readonly signal: AbortSignal;
  readonly headers: Readonly<Record<string, string>>;
  /** Sees the request and its answer as they are sent and come. */
  readonly tap?: Dispatcher.DispatcherComposeInterceptor;
};

export type Dispatchers = {
  /** Sends one request by a route. @throws {AddressBlockedError}, {ProxyError} and what undici throws */
  request(route: Route, url: URL, options: DispatchRequest): Promise<Dispatcher.ResponseData>;
  /** Opens one connection, as a request by that route would, and hands over the socket. */
  connect(route: Route, url: URL): Promise<Socket>;
  /** The outermost reach seen for a named host so far; `public` before the first connection. */
  reachOf(hostname: string): Reach;
  close(): Promise<void>;
};

export type DispatcherOptions = {
  readonly timeouts: Timeouts;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly lookup?: LookupFunction;
  readonly classify?: ClassifyAddress;
};

type Entry = {
  readonly dispatcher: Dispatcher;
  readonly connector: Connector;
  close(): Promise<void>;
};

/**
 * One undici agent per route, so that a connection made under an exception (skipped verification, a client
 * certificate, a private registry's freedom, a proxy) is never reused for a host without it (SECURITY-CASES S03, S04).
 * HTTP/1.1 only: its parser is the one our hostile cases were run against.
 */
export function createDispatchers(options: DispatcherOptions): Dispatchers {
  const entries = new Map<string, Entry>();
  const reaches = new Map<string, Reach>();
  const classify = options.classify ?? classifyAddress;
  const trust = createTlsTrust(options.logger);
  const lookUps = createLookUps(options);

  const note: Inspect = (hostname, addresses) => {
    for (const address of addresses) reaches.set(hostname, outermost(reaches.get(hostname), classify(address)));
  };
  const inspectorOf = (route: Route): Inspect => {
    if (route.kind === 'named') return note;
    return (hostname, addresses) => {
      if (!addresses.every((address) => mayReach(route.from, classify(address)))) {
        throw new AddressBlockedError(hostname);
      }
    };
  };

  /** A proxy looks names up itself, so what they mean there is only as certain as our own look at them. */
  const judgeBehindProxy = async (route: Route, { hostname }: URL, signal?: AbortSignal) => {
    const literal = literalAddress(hostname);
    if (route.kind === 'named' && (literal !== undefined || reaches.has(hostname))) return;
    inspectorOf(route)(hostname, literal === undefined ? await lookUps.addressesOf(hostname, signal) : [literal]);
  };

  const entryOf = (route: Route, { protocol }: URL): Entry => {
    const key = keyOf(route, protocol);
    const known = entries.get(key);
    if (known !== undefined) return known;
    const entry = createEntry(route, protocol, inspectorOf(route), trust, options);
    entries.set(key, entry);
    return entry;
  };

  return {
    request: async (route, url, request) => {
      if (route.proxy !== undefined) await judgeBehindProxy(route, url, request.signal);
      return await send(entryOf(route, url).dispatcher, route, url, request);
    },
    connect: async (route, url) => {
      if (route.proxy !== undefined) await judgeBehindProxy(route, url);
      const isForwarded = route.proxy !== undefined && url.protocol === 'http:';
      return await openSocket(entryOf(route, url).connector, isForwarded ? route.proxy.url : url);
    },
    reachOf: (hostname) => {
      const literal = literalAddress(hostname);
      return literal === undefined ? (reaches.get(hostname) ?? 'public') : classify(literal);
    },
    close: async () => {
      const open = [...entries.values()];
      entries.clear();
      await Promise.all(open.map((entry) => entry.close()));
    },
  };
}

/**
 * Plain http goes through a proxy in absolute form (`GET http://host/path`), since most proxies make tunnels to https
 * ports only. A 407 is then the proxy's own; any other answer is the host's as far as anybody can tell.
 * Spec: RFC 9112, 3.2.2.
 */
async function send(
  dispatcher: Dispatcher,
  { proxy }: Route,
  url: URL,
  { tap, ...request }: DispatchRequest,
): Promise<Dispatcher.ResponseData> {
  const tapped = tap === undefined ? dispatcher : dispatcher.compose(tap);
  const path = `${url.pathname}${url.search}`;
  if (proxy === undefined || url.protocol !== 'http:') {
    return tapped.request({ ...request, origin: url.origin, path });
  }
  const headers = { ...request.headers, host: url.host, ...proxyHeaders(proxy) };
  const absolute = { ...request, origin: proxy.url.origin, path: `${url.origin}${path}`, headers };
  const answer = await tapped.request(absolute);
  if (answer.statusCode !== 407) return answer;
  discard(answer.body);
  throw proxyRefusal(proxy.url.host, answer.statusCode);
}

/** Two routes share connections when nothing tells them apart. Kept in memory only: a proxy's password is part of it. */
function keyOf(route: Route, protocol: string): string {
  const side = route.kind === 'named' ? `named ${route.skipVerification}` : `foreign ${route.from}`;
  const { proxy } = route;
  return JSON.stringify([side, route.tls.id, proxy?.url.href, proxy?.authorization, proxy === undefined || protocol]);
}

function createEntry(
  route: Route,
  protocol: string,
  inspect: Inspect,
  trust: TlsTrust,
  { timeouts, lookup }: DispatcherOptions,
): Entry {
  const { tls: material, proxy } = route;
  const common = { connectMs: timeouts.connectMs, ...(lookup === undefined ? {} : { lookup }) };
  const own = {
    ...common,
    secureContext: () => trust.contextFor({ material, offersClient: route.kind === 'named' }),
    skipVerification: route.kind === 'named' && route.skipVerification,
  };
  const direct = createConnector(inspect, own);
  let connector = direct;
  let tunnels: Tunnels | undefined;
  if (proxy !== undefined) {
    // The proxy is a host of its own: it sees the authorities, and never the client certificate.
    const toProxy = {
      ...common,
      secureContext: () => trust.contextFor({ material, offersClient: false }),
      skipVerification: false,
    };
    if (protocol === 'https:') tunnels = createTunnels(proxy, direct, toProxy);
    connector = tunnels?.connector ?? createProxyConnector(proxy, toProxy);
  }
  const pooled = createAgent(connector, timeouts, { keepAlive: true });
  const fresh = createAgent(connector, timeouts, { keepAlive: false });
  return {
    dispatcher: pooled.compose(repeatLost(fresh)),
    connector,
    close: async () => {
      await Promise.all([pooled.destroy(), fresh.destroy(), tunnels?.close()]);
    },
  };
}

function createAgent(connector: Connector, timeouts: Timeouts, { keepAlive }: { readonly keepAlive: boolean }): Agent {
  return new Agent({
    connect: connector,
    allowH2: false,
    // 0 is undici's way to say: a connection for each request.
    pipelining: keepAlive ? 1 : 0,
    headersTimeout: timeouts.headersMs,
    bodyTimeout: timeouts.idleBodyMs,
  });
}
