import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Refusal } from './guard.ts';

/** A request and its answer. */
export type Exchange = { readonly request: IncomingMessage; readonly response: ServerResponse };

/** Says why not. A refused connection is not kept: what else it sends is not read. */
export function refuse(exchange: Exchange, { status, reason }: Refusal): void {
  exchange.response.setHeader('connection', 'close');
  sendText(exchange, status, `${reason}\n`);
}

/** A short answer in words. */
export function sendText({ response }: Exchange, status: number, text: string): void {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'content-length': Buffer.byteLength(text) };
  response.writeHead(status, { ...headers, 'cache-control': 'no-store' }).end(text);
}
