import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Certificate } from './certificates.ts';
import { freePort } from './free-port.ts';

/** One request exactly as it arrived. */
export type RecordedRequest = {
  readonly method: string;
  /** Path and query as on the wire. */
  readonly path: string;
  /** Lower-case names; the last of equal names. */
  readonly headers: Readonly<Record<string, string>>;
  /** What was sent after the headers, as text; empty for GET and HEAD. */
  readonly body: string;
  /** Every header byte, the request line and the body, to look for secrets in. */
  readonly text: string;
};

export type Reply =
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string | readonly string[]>>;
      readonly body?: string | Buffer;
    }
  /** Full control: raw bytes, cut connections, slow drips. */
  | { readonly raw: (socket: Socket, response: ServerResponse) => void };

export type Handler = (request: RecordedRequest, index: number) => Reply | undefined;

export type FakeRegistry = {
  readonly port: number;
  /** `127.0.0.1:port` */
  readonly host: string;
  /** Everything that arrived, in order. */
  readonly requests: readonly RecordedRequest[];
  /** All of it as one text. */
  readonly received: string;
  /** `GET /v2/…` for each request. */
  readonly lines: readonly string[];
  /** How many connections were made, whether or not they spoke. */
  readonly connections: number;
  [Symbol.asyncDispose](): Promise<void>;
};

/** A server that answers by `handler` (404 for undefined) and records every byte it is sent. */
export async function startFakeRegistry(
  handler: Handler,
  options: { readonly tls?: Certificate; readonly address?: string; readonly port?: number } = {},
): Promise<FakeRegistry> {
  const requests: RecordedRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const listener = (message: IncomingMessage, response: ServerResponse) => {
    const respond = (body: string) => {
      const request = record(message, body);
      requests.push(request);
      answer(response, message, handler(request, requests.length - 1) ?? { status: 404 });
    };
    if (message.method === 'GET' || message.method === 'HEAD') respond('');
    else void text(message).then(respond, () => message.destroy());
  };
  const limits = { maxHeaderSize: 262_144 };
  const server =
    options.tls === undefined
      ? createServer(limits, listener)
      : createTlsServer({ ...limits, key: options.tls.key, cert: options.tls.certificate }, listener);
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => undefined);
  const address = options.address ?? '127.0.0.1';
  const wantedPort = options.port ?? (await freePort());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(wantedPort, address, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    host: `${address}:${port}`,
    requests,
    get received() {
      return requests.map((request) => request.text).join('\n');
    },
    get lines() {
      return requests.map((request) => `${request.method} ${request.path}`);
    },
    get connections() {
      return connections;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

function record(message: IncomingMessage, body: string): RecordedRequest {
  const { method = '', url: path = '', rawHeaders } = message;
  const pairs: [string, string][] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    pairs.push([rawHeaders[index]!.toLowerCase(), rawHeaders[index + 1]!]);
  }
  const head = [`${method} ${path}`, ...pairs.map(([name, value]) => `${name}: ${value}`)].join('\n');
  const whole = body === '' ? head : `${head}\n\n${body}`;
  return { method, path, headers: Object.fromEntries(pairs), body, text: whole };
}

function answer(response: ServerResponse, message: IncomingMessage, reply: Reply): void {
  if ('raw' in reply) {
    reply.raw(message.socket, response);
    return;
  }
  const body = reply.body === undefined ? Buffer.alloc(0) : Buffer.from(reply.body);
  const headers: Record<string, string | string[]> = { 'content-length': String(body.length) };
  for (const [name, value] of Object.entries(reply.headers ?? {})) {
    headers[name] = typeof value === 'string' ? value : [...value];
  }
  response.writeHead(reply.status ?? 200, headers);
  response.end(message.method === 'HEAD' ? undefined : body);
}

/** A JSON answer. */
export function json(value: unknown, headers: Readonly<Record<string, string>> = {}, status = 200): Reply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

/** Answers by path without query; the first match wins. */
export function routes(table: Readonly<Record<string, Reply | ((request: RecordedRequest) => Reply)>>): Handler {
  return (request) => {
    const [path = ''] = request.path.split('?');
    const found = Object.hasOwn(table, path) ? table[path] : undefined;
    return typeof found === 'function' ? found(request) : found;
  };
}
