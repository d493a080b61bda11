import { Socket } from 'node:net';
import { Pool } from 'undici';
import { type Connector, createConnector, type ConnectorOptions } from './connector.ts';
import { ProxyError, proxyRefusal } from './proxy-error.ts';
import type { ProxyServer } from './proxy-url.ts';

/** Connections to the proxy itself. A person named it, so it may be anywhere; it is verified like any host. */
export function createProxyConnector(proxy: ProxyServer, options: ConnectorOptions): Connector {
  const connector = createConnector(() => undefined, { ...options, skipVerification: false });
  return (target, callback) => {
    connector({ ...target, servername: proxy.url.hostname }, (error, socket) => {
      if (error === null) callback(null, socket);
      else callback(new ProxyError(proxy.url.host, error.message, { cause: error }), null);
    });
  };
}

/** Connections to hosts by `CONNECT`, each through a fresh connection to the proxy. Spec: RFC 9110, 9.3.6. */
export type Tunnels = { readonly connector: Connector; close(): Promise<void> };

/** `end` makes the TLS at the far end of a tunnel, which is verified as if there were no proxy. */
export function createTunnels(proxy: ProxyServer, end: Connector, options: ConnectorOptions): Tunnels {
  const pool = new Pool(proxy.url.origin, { connect: createProxyConnector(proxy, options), allowH2: false });
  const dig = async (authority: string): Promise<Socket> => {
    const { statusCode, socket } = await pool.connect({
      path: authority,
      signal: AbortSignal.timeout(options.connectMs),
      // undici says `connection: close` in a CONNECT, which some proxies take for the tunnel.
      headers: { host: authority, 'proxy-connection': 'keep-alive', ...proxyHeaders(proxy) },
    });
    if (socket instanceof Socket && statusCode >= 200 && statusCode < 300) return socket;
    socket.on('error', () => undefined).destroy();
    throw proxyRefusal(proxy.url.host, statusCode);
  };
  const connect = async (target: Parameters<Connector>[0], callback: Parameters<Connector>[1]): Promise<void> => {
    const dug = await settle(dig(`${bracketed(target.hostname)}:${target.port}`), proxy);
    if (dug instanceof ProxyError) callback(dug, null);
    else end({ ...target, httpSocket: dug }, callback);
  };
  return {
    connector: (target, callback) => void connect(target, callback),
    close: () => pool.destroy(),
  };
}

/** What only the proxy may read. */
export function proxyHeaders({ authorization }: ProxyServer): Readonly<Record<string, string>> {
  return authorization === undefined ? {} : { 'proxy-authorization': authorization };
}

const bracketed = (hostname: string): string => (hostname.includes(':') ? `[${hostname}]` : hostname);

/** The socket, or why there is none. */
async function settle(socket: Promise<Socket>, { url }: ProxyServer): Promise<Socket | ProxyError> {
  try {
    return await socket;
  } catch (cause) {
    if (cause instanceof ProxyError) return cause;
    const isLate = cause instanceof Error && cause.name === 'TimeoutError';
    const detail = cause instanceof Error ? cause.message : 'failed';
    return new ProxyError(url.host, isLate ? 'no answer in time' : detail, { cause });
  }
}
