import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Logger } from '../../ports.ts';
import { hasErrorCode } from '../../files.ts';
import type { RegistryStore } from '../store/registry-store.ts';
import { deleteBlob, getBlob } from './blob-handlers.ts';
import { type Exchange, sendError, sendJson } from './exchange.ts';
import { refuseBrowsers } from './guard.ts';
import { listCatalog, listTags } from './list-handlers.ts';
import { deleteManifest, getManifest, putManifest } from './manifest-handlers.ts';
import { listReferrers } from './referrer-handlers.ts';
import { parseRoute, type Route, type RouteKind } from './route.ts';
import { SpecError } from './spec-error.ts';
import { deleteUpload, getUpload, patchUpload, putUpload, startUpload } from './upload-handlers.ts';

type Handler = (exchange: Exchange, route: Route) => Promise<void>;

const HANDLERS: Readonly<Record<RouteKind, Readonly<Record<string, Handler>>>> = {
  base: { GET: ping, HEAD: ping },
  catalog: { GET: listCatalog },
  tags: { GET: listTags },
  manifest: { GET: getManifest, HEAD: getManifest, PUT: putManifest, DELETE: deleteManifest },
  blob: { GET: getBlob, HEAD: getBlob, DELETE: deleteBlob },
  uploads: { POST: startUpload },
  upload: { GET: getUpload, PATCH: patchUpload, PUT: putUpload, DELETE: deleteUpload },
  referrers: { GET: listReferrers },
};

/** A connection that moves no byte for this long, in either direction, is closed. */
const IDLE_MS = 120_000;

/** The registry as an HTTP server that is not listening yet. Bounds: header 16 KiB in 10 s, manifest 4 MiB, 128 connections. */
export function createRegistryServer(store: RegistryStore, logger: Logger): Server {
  const server = createServer(
    // No bound on a whole request: a layer takes as long as it takes, while bytes move.
    { maxHeaderSize: 16 * 1024, headersTimeout: 10_000, requestTimeout: 0, keepAliveTimeout: 75_000 },
    (request, response) => void answer(request, response, store, logger),
  );
  server.timeout = IDLE_MS;
  server.maxConnections = 128;
  return server;
}

async function answer(request: IncomingMessage, response: ServerResponse, store: RegistryStore, logger: Logger) {
  const target = request.url ?? '';
  const queryAt = target.indexOf('?');
  const path = queryAt === -1 ? target : target.slice(0, queryAt);
  const query = new URLSearchParams(queryAt === -1 ? '' : target.slice(queryAt + 1));
  const exchange: Exchange = { request, response, query, store };
  try {
    refuseBrowsers(request);
    await dispatch(exchange, parseRoute(path));
  } catch (error) {
    fail(exchange, error, logger);
  }
  logger.log('debug', 'local-registry.request', { method: request.method, path, status: response.statusCode });
}

async function dispatch(exchange: Exchange, route: Route): Promise<void> {
  const allowed = HANDLERS[route.kind];
  const method = exchange.request.method ?? '';
  const handler = Object.hasOwn(allowed, method) ? allowed[method] : undefined;
  if (handler === undefined) {
    throw new SpecError(405, 'UNSUPPORTED', 'the operation is unsupported', {
      headers: { Allow: Object.keys(allowed).join(', ') },
    });
  }
  await handler(exchange, route);
}

function fail(exchange: Exchange, error: unknown, logger: Logger): void {
  const { request, response } = exchange;
  // The client has gone, or a body broke off: an answer would be taken for content.
  if (response.headersSent || request.errored !== null || response.destroyed) {
    response.destroy();
    return;
  }
  if (error instanceof SpecError) return sendError(exchange, error);
  const reason = error instanceof Error ? error.message : String(error);
  logger.log('error', 'local-registry.failed', { method: request.method, reason });
  // DENIED, since clients take UNKNOWN for something that passes, and try again until they give up.
  const isFull = hasErrorCode(error, 'ENOSPC', 'EDQUOT');
  if (isFull) sendError(exchange, new SpecError(507, 'DENIED', 'no space left on the disk of the local registry'));
  else sendError(exchange, new SpecError(500, 'UNKNOWN', 'the local registry failed; its log says why'));
}

async function ping(exchange: Exchange): Promise<void> {
  sendJson(exchange, 200, {});
}
