import type { LookupFunction, Socket } from 'node:net';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import {
  AddressBlockedError,
  classifyAddress,
  type ClassifyAddress,
  inspectingLookup,
  literalAddress,
  mayReach,
  outermost,
  type Reach,
} from './address-policy.ts';
import { repeatLost } from './repeat-lost.ts';
import type { Timeouts } from './timeouts.ts';

/** How a connection is made: to a registry a person named, or to a host some server named. */
export type Route =
  | { readonly kind: 'named'; readonly skipVerification: boolean }
  | { readonly kind: 'foreign'; readonly from: Reach };

export type Dispatchers = {
  dispatcher(route: Route): Dispatcher;
  /** Opens one connection, as a request by that route would, and hands over the socket. */
  connect(route: Route, url: URL): Promise<Socket>;
  /** The outermost reach seen for a named host so far; `public` before the first connection. */
  reachOf(hostname: string): Reach;
  close(): Promise<void>;
};

export type DispatcherOptions = {
  readonly timeouts: Timeouts;
  readonly lookup?: LookupFunction;
  readonly classify?: ClassifyAddress;
};

type Entry = {
  readonly dispatcher: Dispatcher;
  readonly agents: readonly Agent[];
  readonly connector: buildConnector.connector;
};

/**
 * One undici agent per route, so that a connection made under an exception (skipped verification, a private
 * registry's freedom) is never reused for a host without it (SECURITY-CASES S03, S04). HTTP/1.1 only: its parser is
 * the one our hostile cases were run against.
 */
export function createDispatchers(options: DispatcherOptions): Dispatchers {
  const entries = new Map<string, Entry>();
  const reaches = new Map<string, Reach>();
  const classify = options.classify ?? classifyAddress;

  const note = (hostname: string, addresses: readonly string[]) => {
    for (const address of addresses) reaches.set(hostname, outermost(reaches.get(hostname), classify(address)));
  };
  const guard = (from: Reach) => (hostname: string, addresses: readonly string[]) => {
    if (!addresses.every((address) => mayReach(from, classify(address)))) throw new AddressBlockedError(hostname);
  };

  const entryOf = (route: Route): Entry => {
    const key = route.kind === 'named' ? `named ${route.skipVerification}` : `foreign ${route.from}`;
    const known = entries.get(key);
    if (known !== undefined) return known;
    const inspect = route.kind === 'named' ? note : guard(route.from);
    const connector = createConnector(route, inspect, options);
    const pooled = createAgent(connector, options.timeouts, { keepAlive: true });
    const fresh = createAgent(connector, options.timeouts, { keepAlive: false });
    const entry = { dispatcher: pooled.compose(repeatLost(fresh)), agents: [pooled, fresh], connector };
    entries.set(key, entry);
    return entry;
  };

  return {
    dispatcher: (route) => entryOf(route).dispatcher,
    connect: (route, url) => openSocket(entryOf(route).connector, url),
    reachOf: (hostname) => {
      const literal = literalAddress(hostname);
      return literal === undefined ? (reaches.get(hostname) ?? 'public') : classify(literal);
    },
    close: async () => {
      const open = [...entries.values()];
      entries.clear();
      await Promise.all(open.flatMap((entry) => entry.agents).map((agent) => agent.destroy()));
    },
  };
}

function createAgent(
  connector: buildConnector.connector,
  timeouts: Timeouts,
  { keepAlive }: { readonly keepAlive: boolean },
): Agent {
  return new Agent({
    connect: connector,
    allowH2: false,
    // 0 is undici's way to say: a connection for each request.
    pipelining: keepAlive ? 1 : 0,
    headersTimeout: timeouts.headersMs,
    bodyTimeout: timeouts.idleBodyMs,
  });
}

function createConnector(
  route: Route,
  inspect: (hostname: string, addresses: readonly string[]) => void,
  options: DispatcherOptions,
): buildConnector.connector {
  const connector = buildConnector({
    timeout: options.timeouts.connectMs,
    allowH2: false,
    rejectUnauthorized: !(route.kind === 'named' && route.skipVerification),
    // A session made by skipping verification must never let a later, verified handshake resume it.
    maxCachedSessions: 0,
    lookup: inspectingLookup(inspect, options.lookup),
  });
  return (target, callback) => {
    const literal = literalAddress(target.hostname);
    try {
      if (literal !== undefined) inspect(target.hostname, [literal]);
    } catch (cause) {
      callback(cause instanceof Error ? cause : new AddressBlockedError(target.hostname), null);
      return;
    }
    connector(target, callback);
  };
}

function openSocket(connector: buildConnector.connector, url: URL): Promise<Socket> {
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return new Promise((resolve, reject) => {
    // As undici does for its own connections: an IPv6 address without its brackets.
    const hostname = literalAddress(url.hostname) ?? url.hostname;
    connector({ hostname, host: url.host, protocol: url.protocol, port }, (error, socket) => {
      // undici leaves the socket undefined, not null as its types say, when it could not connect.
      if (error === null) resolve(socket);
      else reject(error);
    });
  });
}
