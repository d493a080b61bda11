import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { RPCHandler } from '@orpc/server/node';
import type { AnyRouter } from '@orpc/server';
import { z } from 'zod';
import type { Logger } from '../../core/ports.ts';
import { SECURITY_HEADERS } from '../security-headers.ts';
import type { UiFiles } from '../ui-files.ts';
import { refuseForeign, refuseForgery, refuseStranger, type Refusal } from './guard.ts';
import { readJson } from './read-json.ts';
import type { Sessions } from './session.ts';

const LIMITS = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  // For receiving a request. A stream that we send may last for days.
  requestTimeout: 30_000,
  connectionsCheckingInterval: 2000,
  keepAliveTimeout: 30_000,
} as const;
const MAX_CONNECTIONS = 64;
const LOOPBACK = '127.0.0.1';

const codeSchema = z.object({ code: z.string().max(128) });

export type WebServerOptions = {
  readonly router: AnyRouter;
  readonly uiFiles: UiFiles;
  readonly sessions: Sessions;
  readonly logger: Logger;
};

/** A web host that answers. */
export type WebServer = {
  readonly port: number;
  /** Ends every connection, streams included. */
  close(): Promise<void>;
};

type Exchange = { readonly request: IncomingMessage; readonly response: ServerResponse };

/**
 * Serves the page and the contract on 127.0.0.1 and nowhere else. `port` 0 lets the OS choose.
 * @throws the listen error of Node, such as EADDRINUSE
 */
export async function startWebServer(options: WebServerOptions, port: number): Promise<WebServer> {
  const server = createServer(LIMITS);
  server.maxConnections = MAX_CONNECTIONS;
  server.listen(port, LOOPBACK);
  await once(server, 'listening');
  const bound = portOf(server);
  const answer = createAnswer(options, bound);
  server.on('request', (request, response) => {
    answer({ request, response }).catch((error: unknown) => {
      options.logger.log('error', 'web.answer', { error: String(error) });
      response.destroy();
    });
  });
  return { port: bound, close: () => close(server) };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

function createAnswer(options: WebServerOptions, port: number): (exchange: Exchange) => Promise<void> {
  const rpc = new RPCHandler(options.router);
  return async (exchange) => {
    const { request, response } = exchange;
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    const refusal = refuseForeign(request, port);
    if (refusal !== undefined) return refuse(exchange, refusal);
    const [pathname = ''] = request.url?.split('?') ?? [];
    if (pathname === '/session') return answerSession(exchange, options.sessions);
    if (pathname.startsWith('/rpc/')) return answerCall(exchange, rpc, options.sessions);
    return answerFile(exchange, options.uiFiles, pathname);
  };
}

/** Trades the one-time code for a token. */
async function answerSession(exchange: Exchange, sessions: Sessions): Promise<void> {
  const refusal = refuseForgery(exchange.request);
  if (refusal !== undefined) return refuse(exchange, refusal);
  const body = await readJson(exchange.request);
  if ('refusal' in body) return refuse(exchange, body.refusal);
  const { data } = codeSchema.safeParse(body.json);
  const token = data === undefined ? undefined : sessions.exchange(data.code);
  if (token === undefined) return refuse(exchange, { status: 401, reason: 'The code is used up or too old.' });
  sendText(exchange, 200, token);
}

async function answerCall(exchange: Exchange, rpc: RPCHandler<object>, sessions: Sessions): Promise<void> {
  const { request, response } = exchange;
  const refusal = refuseForgery(request) ?? refuseStranger(request, (token) => sessions.accepts(token));
  if (refusal !== undefined) return refuse(exchange, refusal);
  const body = await readJson(request);
  if ('refusal' in body) return refuse(exchange, body.refusal);
  response.setHeader('cache-control', 'no-store');
  // The handler takes a body that is read already instead of reading one without bound.
  const { matched } = await rpc.handle(Object.assign(request, { body: body.json }), response, {
    prefix: '/rpc',
    context: {},
  });
  if (!matched) refuse(exchange, { status: 404, reason: 'There is no such procedure.' });
}

function answerFile(exchange: Exchange, uiFiles: UiFiles, pathname: string): void {
  const { request, response } = exchange;
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return refuse(exchange, { status: 405, reason: 'Only GET is answered here.' });
  }
  const file = uiFiles.find(pathname);
  if (file === undefined) return refuse(exchange, { status: 404, reason: 'There is no such file.' });
  response.writeHead(200, { ...file.headers, 'content-length': file.body.byteLength });
  response.end(request.method === 'HEAD' ? undefined : file.body);
}

/** A refused connection is not kept: what else it sends is not read. */
function refuse(exchange: Exchange, { status, reason }: Refusal): void {
  exchange.response.setHeader('connection', 'close');
  sendText(exchange, status, `${reason}\n`);
}

function sendText({ response }: Exchange, status: number, text: string): void {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'content-length': Buffer.byteLength(text) };
  response.writeHead(status, { ...headers, 'cache-control': 'no-store' }).end(text);
}
