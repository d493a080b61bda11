import type { IncomingMessage } from 'node:http';
import { TOKEN_HEADER } from '#shared/api/file-routes.ts';

/** Why a request is not served: an HTTP status and a sentence. */
export type Refusal = { readonly status: number; readonly reason: string };

/** What the guard reads of a request. */
export type Incoming = Pick<IncomingMessage, 'method' | 'url' | 'headers' | 'headersDistinct'>;

/** A kind of request that can change something: how it is sent, so that no form of another site can send it. */
export type Kind = { readonly method: string; readonly type: RegExp; readonly typeName: string };

/** A call of the contract, or the trade of a code for a token. */
export const CALL: Kind = { method: 'POST', type: /^application\/json(?:;|$)/, typeName: 'JSON' };

/** The bytes of a file. Forms have neither the method nor the type. */
export const FILE: Kind = { method: 'PUT', type: /^application\/octet-stream$/, typeName: 'a stream of octets' };

/** The three names of this machine. A browser leaves the port out where it is that of the scheme. */
function hostsOf(port: number): readonly string[] {
  const suffix = port === 80 ? '' : `:${port}`;
  return [`127.0.0.1${suffix}`, `localhost${suffix}`, `[::1]${suffix}`];
}

/** The one value of a header. Undefined when it is absent; `''` when it is sent twice, which matches nothing. */
function single({ headersDistinct }: Incoming, name: string): string | undefined {
  const values = headersDistinct[name];
  if (values === undefined) return undefined;
  return values.length === 1 ? values[0] : '';
}

/**
 * Checks what holds for every request, before any routing. Host: another name that resolves to this machine is a
 * rebinding attack. Origin: when a browser names one it is ours, exactly; `null` is nobody's. No protocol upgrades.
 */
export function refuseForeign(request: Incoming, port: number): Refusal | undefined {
  const hosts = hostsOf(port);
  if (!hosts.includes(single(request, 'host') ?? '')) return { status: 421, reason: 'This host name is not ours.' };
  const origin = single(request, 'origin');
  if (origin !== undefined && !hosts.some((host) => origin === `http://${host}`)) {
    return { status: 403, reason: 'This origin is not ours.' };
  }
  if (request.headers.upgrade !== undefined) return { status: 400, reason: 'There is nothing to upgrade to.' };
  // An absolute form (`GET http://other/`) is for proxies, which this is not.
  return request.url?.startsWith('/') === true ? undefined : { status: 400, reason: 'This is not a path.' };
}

/**
 * Checks a request that can change something. Its Origin must be there, and its type is one that no form can send:
 * so no other site can make it without asking first, and is never allowed to.
 */
export function refuseForgery(request: Incoming, { method, type, typeName }: Kind): Refusal | undefined {
  if (request.method !== method) return { status: 405, reason: `Only ${method} is answered here.` };
  if (request.headers.origin === undefined) return { status: 403, reason: 'The origin is missing.' };
  const site = single(request, 'sec-fetch-site');
  if (site !== undefined && site !== 'same-origin') return { status: 403, reason: 'The request is from another site.' };
  const isRight = type.test(single(request, 'content-type') ?? '');
  return isRight ? undefined : { status: 415, reason: `Only ${typeName} is read here.` };
}

/** Checks the token of a call. */
export function refuseStranger(request: Incoming, accepts: (token: string) => boolean): Refusal | undefined {
  const token = single(request, TOKEN_HEADER);
  return token !== undefined && accepts(token) ? undefined : { status: 401, reason: 'The session is not known.' };
}

/** Checks a link that is its own secret: a page of ours leads there, or the person does; no other site. */
export function refuseOtherSite(request: Incoming): Refusal | undefined {
  if (request.method !== 'GET') return { status: 405, reason: 'Only GET is answered here.' };
  const site = single(request, 'sec-fetch-site');
  const isOurs = site === undefined || site === 'same-origin' || site === 'none';
  return isOurs ? undefined : { status: 403, reason: 'The request is from another site.' };
}
