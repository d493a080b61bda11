import type { LookupFunction, Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { buildConnector } from 'undici';
import { AddressBlockedError, inspectingLookup, literalAddress } from './address-policy.ts';
import { HandshakeError, watchHandshake } from './tls-handshake.ts';

export type Connector = buildConnector.connector;
type Target = Parameters<Connector>[0];

/** Sees the addresses of a host before any is connected to; what it throws becomes the connect error. */
export type Inspect = (hostname: string, addresses: readonly string[]) => void;

export type ConnectorOptions = {
  /** Asked for by the first connection that speaks TLS: a registry on plain http needs no authorities read. */
  readonly secureContext: () => SecureContext;
  readonly skipVerification: boolean;
  readonly connectMs: number;
  readonly lookup?: LookupFunction;
};

/** Connects by TCP and, for https, TLS; a failed handshake carries the certificates it saw. */
export function createConnector(inspect: Inspect, options: ConnectorOptions): Connector {
  const common = {
    timeout: options.connectMs,
    allowH2: false,
    rejectUnauthorized: !options.skipVerification,
    // A session made by skipping verification must never let a later, verified handshake resume it.
    maxCachedSessions: 0,
    lookup: inspectingLookup(inspect, options.lookup),
  };
  const plain = buildConnector(common);
  let secure: Connector | undefined;
  const connectorFor = (target: Target): Connector =>
    isSecure(target) ? (secure ??= buildConnector({ ...common, secureContext: options.secureContext() })) : plain;
  return (target, callback) => {
    const literal = literalAddress(target.hostname);
    let connector: Connector;
    try {
      // A tunnel ends at the host already, and its name was judged before.
      if (literal !== undefined && target.httpSocket === undefined) inspect(target.hostname, [literal]);
      connector = connectorFor(target);
    } catch (cause) {
      callback(asError(cause, target.hostname), null);
      return;
    }
    const socket: unknown = connector(target, (error, connected) => {
      if (error === null) {
        if (isSecure(target)) endWithAlert(connected);
        callback(null, connected);
      } else callback(isSecure(target) ? new HandshakeError(error, handshake) : error, null);
    });
    const handshake = watchHandshake(socket);
  };
}

/**
 * An alert after the handshake (TLS 1.3 tells so that a client certificate is missing) is an error of the socket that
 * does not end it; undici would then only see the other side close.
 */
function endWithAlert(socket: Socket): void {
  socket.once('error', (alert) => socket.destroy(alert));
}

const isSecure = (target: { readonly protocol: string }): boolean => target.protocol === 'https:';

function asError(cause: unknown, hostname: string): Error {
  return cause instanceof Error ? cause : new AddressBlockedError(hostname);
}

/** Opens one connection by a connector and hands over its socket. */
export function openSocket(connector: Connector, url: URL): Promise<Socket> {
  // As undici does for its own connections: an IPv6 address without its brackets.
  const hostname = literalAddress(url.hostname) ?? url.hostname;
  const target = { hostname, host: url.host, protocol: url.protocol, port: portOf(url) };
  return new Promise((resolve, reject) => {
    connector(target, (error, socket) => {
      // undici leaves the socket undefined, not null as its types say, when it could not connect.
      if (error === null) resolve(socket);
      else reject(error);
    });
  });
}

/** The port of a URL, the scheme's own when it names none. */
export function portOf(url: URL): string {
  if (url.port !== '') return url.port;
  return url.protocol === 'https:' ? '443' : '80';
}
