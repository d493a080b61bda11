import type { IncomingMessage } from 'node:http';
import { SpecError } from './spec-error.ts';

/**
 * Keeps web pages out. Container tools never send Origin; browsers send it with everything that changes state, and
 * mark the rest with Sec-Fetch-Site. The Host must name this machine, or a page could reach us through a name of
 * its own that it points at 127.0.0.1. Asked before routing, for every method.
 * @throws {SpecError} 421 or 403
 */
export function refuseBrowsers({ headers, socket }: IncomingMessage): void {
  const port = socket.localPort;
  const host = headers.host?.toLowerCase();
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}` && host !== `[::1]:${port}`) {
    throw new SpecError(421, 'DENIED', 'this registry answers to 127.0.0.1 and localhost only');
  }
  // `none` is a person who typed the address; everything else comes from a page.
  const site = headers['sec-fetch-site'];
  if (headers.origin !== undefined || (site !== undefined && site !== 'none')) {
    throw new SpecError(403, 'DENIED', 'web pages may not use this registry');
  }
}
