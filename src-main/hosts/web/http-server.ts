import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { RPCHandler } from '@orpc/server/node';
import type { AnyRouter } from '@orpc/server';
import { z } from 'zod';
import { DOWNLOAD_ROUTE, UPLOAD_ROUTE } from '#shared/api/file-routes.ts';
import { wireSerializers } from '#shared/api/wire.ts';
import type { PageFiles } from '../../api/create-backend.ts';
import type { Logger } from '../../core/ports.ts';
import { SECURITY_HEADERS } from '../security-headers.ts';
import type { UiFiles } from '../ui-files.ts';
import { answerDownload } from './answer-download.ts';
import { answerUpload } from './answer-upload.ts';
import { type Exchange, refuse, sendText } from './exchange.ts';
import { CALL, refuseForeign, refuseForgery, refuseStranger } from './guard.ts';
import { readJson } from './read-json.ts';
import type { Sessions } from './session.ts';

const LIMITS = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  // Node has one for all requests, and a file takes longer than a call: see `limitReceiving`.
  requestTimeout: 0,
  connectionsCheckingInterval: 2000,
  keepAliveTimeout: 30_000,
} as const;
const PATIENCE: Patience = { callMs: 30_000, silenceMs: 60_000 };
const MAX_CONNECTIONS = 64;
const LOOPBACK = '127.0.0.1';

const codeSchema = z.object({ code: z.string().max(128) });

/**
 * How long a request may take to arrive, in milliseconds. A stream that we send may last for days; a file that comes may
 * take as long as it likes while there are no longer silences than `silenceMs`.
 */
export type Patience = { readonly callMs: number; readonly silenceMs: number };

export type WebServerOptions = {
  readonly router: AnyRouter;
  readonly uiFiles: UiFiles;
  readonly sessions: Sessions;
  readonly files: PageFiles;
  readonly logger: Logger;
  /** Shorter for tests. */
  readonly patience?: Patience;
};

/** A web host that answers. */
export type WebServer = {
  readonly port: number;
  /** Ends every connection, streams included. */
  close(): Promise<void>;
};

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
  const rpc = new RPCHandler(options.router, { customJsonSerializers: wireSerializers });
  const { patience = PATIENCE } = options;
  return async (exchange) => {
    const { request, response } = exchange;
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    const refusal = refuseForeign(request, port);
    if (refusal !== undefined) return refuse(exchange, refusal);
    const [pathname = ''] = request.url?.split('?') ?? [];
    if (pathname.startsWith(UPLOAD_ROUTE)) return answerUpload(exchange, { ...options, ...patience });
    limitReceiving(exchange, patience.callMs);
    if (pathname.startsWith(DOWNLOAD_ROUTE)) return answerDownload(exchange, options.files);
    if (pathname === '/session') return answerSession(exchange, options.sessions);
    if (pathname.startsWith('/rpc/')) return answerCall(exchange, rpc, options.sessions);
    return answerFile(exchange, options.uiFiles, pathname);
  };
}

/** Trades the one-time code for a token. */
async function answerSession(exchange: Exchange, sessions: Sessions): Promise<void> {
  const refusal = refuseForgery(exchange.request, CALL);
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
  const refusal = refuseForgery(request, CALL) ?? refuseStranger(request, (token) => sessions.accepts(token));
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

/** Cuts a request off that does not come to an end, whether it was answered meanwhile or not. */
function limitReceiving(exchange: Exchange, callMs: number): void {
  const { request, response } = exchange;
  const timer = setTimeout(() => {
    if (request.complete) return;
    if (response.headersSent) request.destroy();
    else refuse(exchange, { status: 408, reason: 'The request took too long.' });
  }, callMs);
  request.once('close', () => clearTimeout(timer));
}
