import { isObject } from './is-object.ts';
import { AddressBlockedError } from './address-policy.ts';
import { ProxyError } from './proxy-error.ts';
import {
  type CertificateInfo,
  type NetworkReason,
  RegistryError,
  type RegistryFailure,
  type RequestTrace,
  type TlsReason,
} from './registry-error.ts';
import { HandshakeError } from './tls-handshake.ts';

const NETWORK: ReadonlyMap<string, NetworkReason> = new Map([
  ['ENOTFOUND', 'dns'],
  ['EAI_AGAIN', 'dns'],
  ['EAI_FAIL', 'dns'],
  ['EAI_NODATA', 'dns'],
  ['EAI_NONAME', 'dns'],
  ['ECONNREFUSED', 'refused'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['EHOSTDOWN', 'unreachable'],
  ['ENETDOWN', 'unreachable'],
  ['EADDRNOTAVAIL', 'unreachable'],
  ['EACCES', 'unreachable'],
  ['ECONNRESET', 'reset'],
  ['ECONNABORTED', 'reset'],
  ['EPIPE', 'reset'],
  ['UND_ERR_SOCKET', 'reset'],
  ['ETIMEDOUT', 'timeout'],
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
  ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
  ['UND_ERR_BODY_TIMEOUT', 'timeout'],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'truncated'],
]);

const TLS: ReadonlyMap<string, TlsReason> = new Map([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'self-signed'],
  ['CERT_HAS_EXPIRED', 'expired'],
  ['CERT_NOT_YET_VALID', 'expired'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'wrong-host'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'untrusted'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'untrusted'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'untrusted'],
  ['CERT_UNTRUSTED', 'untrusted'],
  ['CERT_REVOKED', 'untrusted'],
  ['CERT_REJECTED', 'untrusted'],
  ['CERT_SIGNATURE_FAILURE', 'untrusted'],
  ['INVALID_CA', 'untrusted'],
  ['INVALID_PURPOSE', 'untrusted'],
  ['PATH_LENGTH_EXCEEDED', 'untrusted'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'not-tls'],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'not-tls'],
  ['ERR_SSL_HTTP_REQUEST', 'not-tls'],
  ['ERR_SSL_UNKNOWN_PROTOCOL', 'not-tls'],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'protocol-version'],
  ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'protocol-version'],
  ['ERR_SSL_WRONG_SSL_VERSION', 'protocol-version'],
]);

/** Alerts that speak of a certificate, coming from the server, speak of ours. Spec: RFC 8446, 6.2. */
const CLIENT_CERTIFICATE_ALERT =
  /_ALERT_(?:BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_(?:REVOKED|EXPIRED|UNKNOWN|REQUIRED)|UNKNOWN_CA|ACCESS_DENIED)$/;

const MAX_DETAIL = 300;

/** What Node adds for whoever starts `node` by hand; Gantry trusts the system's authorities already. */
const NODE_ADVICE = /; if the root CA is installed locally, .*$/;

/** A deadline of ours that passed; thrown into undici as an abort reason, so it is told apart from a cancel. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/**
 * What undici, Node or OpenSSL threw, as a `RegistryError`: `cancelled` when the caller's signal is aborted by
 * anything but a deadline, else `network`, `tls`, `untrusted-host` or `protocol`. Errors that are ours already pass
 * through.
 */
export function toRegistryError(
  error: unknown,
  context: {
    readonly url: URL;
    readonly registryHost: string;
    readonly trace: RequestTrace;
    readonly signal?: AbortSignal | undefined;
  },
): RegistryError {
  if (error instanceof RegistryError) return error;
  const { trace } = context;
  const { signal } = context;
  // Who gives up because it took too long has met a registry that does not answer.
  const isCancelled = signal?.aborted === true && !(signal.reason instanceof DeadlineError);
  const failure = isCancelled ? ({ kind: 'cancelled' } as const) : classify(error, context);
  return new RegistryError(failure, trace, { cause: error });
}

function classify(
  error: unknown,
  context: { readonly url: URL; readonly registryHost: string; readonly trace: RequestTrace },
): RegistryFailure {
  const { host } = context.url;
  const blocked = findCause(error, (cause) => cause instanceof AddressBlockedError);
  if (blocked !== undefined) {
    return { kind: 'untrusted-host', host, registryHost: context.registryHost, detail: describe(blocked) };
  }
  const proxy = findCause(error, (cause) => cause instanceof ProxyError);
  if (proxy instanceof ProxyError) {
    return { kind: 'network', reason: 'proxy', host: proxy.proxy, detail: describe(proxy) };
  }
  const code = codeOf(error);
  const detail = describe(error);
  const handshake = findCause(error, (cause) => cause instanceof HandshakeError);
  const tls = tlsReason(code, detail, handshake);
  if (tls !== undefined) return { kind: 'tls', reason: tls, host, detail, ...certificatesOf(handshake) };
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return { kind: 'too-large', limitBytes: 16_384, what: 'response headers' };
  if (findCause(error, isParserError) !== undefined) {
    return { kind: 'protocol', reason: 'bad-shape', detail: `not valid HTTP: ${detail}` };
  }
  return { kind: 'network', reason: networkReason(error, code, context.trace), host, detail };
}

/** undici gives its parser's errors a name but not always a code. */
function isParserError(error: unknown): boolean {
  return error instanceof Error && error.name === 'HTTPParserError';
}

function networkReason(error: unknown, code: string, trace: RequestTrace): NetworkReason {
  if (error instanceof DeadlineError) return 'timeout';
  // With a status at hand the answer had begun: the other side closed in the middle of its body.
  if (code === 'UND_ERR_SOCKET' && trace.status !== undefined) return 'truncated';
  return NETWORK.get(code) ?? 'other';
}

function certificatesOf(handshake: unknown): { readonly certificates?: readonly CertificateInfo[] } {
  if (!(handshake instanceof HandshakeError) || handshake.certificates.length === 0) return {};
  return { certificates: handshake.certificates };
}

function tlsReason(code: string, detail: string, handshake: unknown): TlsReason | undefined {
  const known = TLS.get(code);
  if (known !== undefined) return known;
  if (CLIENT_CERTIFICATE_ALERT.test(code)) return 'client-certificate';
  // OpenSSL's servers say no more than this over TLS 1.2; with keys agreed on, only the certificate is left to miss.
  const hadKeys = handshake instanceof HandshakeError && handshake.hadKeys;
  if (hadKeys && code.endsWith('_ALERT_HANDSHAKE_FAILURE')) return 'client-certificate';
  if (/wrong version number|packet length too long|http request/i.test(detail)) return 'not-tls';
  return code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') || code === 'EPROTO' ? 'other' : undefined;
}

/** The first code along the cause chain; of an `AggregateError` (both address families failed) its first member's. */
function codeOf(error: unknown): string {
  const found = findCause(error, (cause) => isObject(cause) && typeof cause['code'] === 'string');
  return isObject(found) && typeof found['code'] === 'string' ? found['code'] : '';
}

function findCause(error: unknown, matches: (cause: unknown) => boolean): unknown {
  const queue: unknown[] = [error];
  for (let index = 0; index < queue.length && index < 20; index += 1) {
    const current = queue[index];
    if (matches(current)) return current;
    if (current instanceof AggregateError) queue.push(...current.errors);
    if (current instanceof Error && current.cause !== undefined) queue.push(current.cause);
  }
  return undefined;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const [first] = error instanceof AggregateError ? error.errors : [];
  const text = error.message === '' && first instanceof Error ? first.message : error.message;
  return (text === '' ? codeOf(error) : text.replace(NODE_ADVICE, '')).slice(0, MAX_DETAIL);
}

/** The error for a caller who no longer waits; keeps one that already says so. */
export function toCancelled(error: unknown): RegistryError {
  if (error instanceof RegistryError && error.kind === 'cancelled') return error;
  return new RegistryError({ kind: 'cancelled' }, undefined, { cause: error });
}
