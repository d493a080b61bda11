import { isObject } from './is-object.ts';
import { RegistryError, type RegistryFailure } from './registry-error.ts';

/**
 * Statuses after which the same request may well succeed: go-containerregistry's list, with 425 and the answers of
 * Cloudflare about the server behind it. 501 and 505 mean "never".
 */
const TEMPORARY_STATUSES: ReadonlySet<number> = new Set([
  408, 425, 429, 499, 500, 502, 503, 504, 520, 521, 522, 523, 524,
]);

/** Codes that say so whatever the status. */
const TEMPORARY_CODES: ReadonlySet<string> = new Set(['TOOMANYREQUESTS', 'UNAVAILABLE']);

/** What is looked up again in a moment is there: the resolver could not be reached, the name may well exist. */
const RESOLVER_BUSY = 'EAI_AGAIN';

const CONNECT_TIMEOUTS: ReadonlySet<string> = new Set(['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT']);

/** Why a request without an answer may be sent again. */
export type TemporaryFailure = 'lost' | 'dns' | 'connect-timeout';

/** True for a status after which an idempotent request may be repeated. */
export function isTemporaryStatus(status: number): boolean {
  return TEMPORARY_STATUSES.has(status);
}

/**
 * Undefined for what would fail again: a refused connection, a name that does not exist, TLS, a server that answers
 * too slowly, what is not HTTP.
 */
export function temporaryFailure(error: RegistryError): TemporaryFailure | undefined {
  const { failure } = error;
  if (failure.kind !== 'network') return undefined;
  if (failure.reason === 'reset' || failure.reason === 'truncated') return 'lost';
  const code = causeCode(error);
  if (failure.reason === 'dns' && code === RESOLVER_BUSY) return 'dns';
  return failure.reason === 'timeout' && CONNECT_TIMEOUTS.has(code) ? 'connect-timeout' : undefined;
}

/** True when the same may succeed later without anybody changing anything. */
export function isTemporary(error: unknown): boolean {
  if (!(error instanceof RegistryError)) return false;
  return isTemporaryAnswer(error.failure) || temporaryFailure(error) !== undefined;
}

/**
 * True for what was temporary and lasted for as many tries as its request had: whoever tried that again would multiply
 * tries by tries (SECURITY-CASES FI07). An answer that broke off on its way was not repeated, however often it was asked
 * for.
 */
export function wasTriedEnough(error: unknown): boolean {
  if (!isTemporary(error) || !(error instanceof RegistryError)) return false;
  const { failure, trace } = error;
  const brokeOff = failure.kind === 'network' && trace?.status !== undefined;
  return !brokeOff && (trace?.attempts ?? 1) > 1;
}

function isTemporaryAnswer(failure: RegistryFailure): boolean {
  if (failure.kind === 'rate-limited') return true;
  if (failure.kind === 'network') return failure.reason === 'timeout';
  if (failure.kind === 'registry' && isTemporaryStatus(failure.status)) return true;
  if (!('codes' in failure) || failure.codes.length === 0) return false;
  return failure.codes.every(({ code }) => TEMPORARY_CODES.has(code));
}

/** The first code along the cause chain. */
function causeCode(error: Error): string {
  let cause: unknown = error.cause;
  for (let depth = 0; depth < 10 && isObject(cause); depth += 1) {
    if (typeof cause['code'] === 'string') return cause['code'];
    cause = cause instanceof AggregateError ? cause.errors[0] : cause['cause'];
  }
  return '';
}
