import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RegistryStore } from '../store/registry-store.ts';
import { type ResponseHeaders, SpecError } from './spec-error.ts';

/** One request and its response. */
export type Exchange = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  readonly store: RegistryStore;
};

const BODY_DEADLINE_MS = 60_000;

// A browser that is shown one of our answers must not take it for a page, and no site may embed it.
const EVERY_RESPONSE = {
  'Docker-Distribution-API-Version': 'registry/2.0',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
} as const;

/** Writes status and headers; the body is the caller's. */
export function writeHead({ response }: Exchange, status: number, headers: ResponseHeaders = {}): void {
  response.writeHead(status, { ...EVERY_RESPONSE, ...headers });
}

/** An answer without a body. */
export function sendEmpty(exchange: Exchange, status: number, headers: ResponseHeaders = {}): void {
  writeHead(exchange, status, status === 204 ? headers : { 'Content-Length': 0, ...headers });
  exchange.response.end();
}

/** Bytes as the body; HEAD gets the same headers and no body. */
export function sendBytes(exchange: Exchange, status: number, bytes: Uint8Array, headers: ResponseHeaders): void {
  writeHead(exchange, status, { 'Content-Length': bytes.byteLength, ...headers });
  exchange.response.end(exchange.request.method === 'HEAD' ? undefined : bytes);
}

/** A value as JSON. */
export function sendJson(exchange: Exchange, status: number, value: unknown, headers: ResponseHeaders = {}): void {
  const bytes = Buffer.from(JSON.stringify(value));
  sendBytes(exchange, status, bytes, { 'Content-Type': 'application/json; charset=utf-8', ...headers });
}

/** Spec: OCI distribution 1.1, "Error Codes". */
export function sendError(exchange: Exchange, error: SpecError): void {
  const { code, message, detail } = error;
  sendJson(
    exchange,
    error.status,
    { errors: [{ code, message, ...(detail !== undefined && { detail }) }] },
    error.headers,
  );
}

/** The whole body, at most `limitBytes` and within a minute. @throws {SpecError} 413 */
export async function readBody({ request }: Exchange, limitBytes: number): Promise<Buffer> {
  const tooLarge = () =>
    new SpecError(413, 'SIZE_INVALID', `the body is larger than ${limitBytes} bytes`, {
      headers: { Connection: 'close' },
    });
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) throw tooLarge();
  const deadline = setTimeout(() => request.destroy(), BODY_DEADLINE_MS);
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of bodyOf(request)) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > limitBytes) throw tooLarge();
      chunks.push(chunk);
    }
  } finally {
    clearTimeout(deadline);
  }
  return Buffer.concat(chunks);
}

/** The body as it arrives. Leaving early keeps the connection usable for the answer. */
export async function* bodyOf(request: IncomingMessage): AsyncGenerator<Uint8Array> {
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    if (chunk instanceof Uint8Array) yield chunk;
  }
}
