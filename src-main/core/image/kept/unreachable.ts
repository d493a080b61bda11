import { isRegistryError, type NetworkReason } from '../../registry/transport/registry-error.ts';

/** A proxy's word for a registry behind it that does not answer. */
const GATEWAY_STATUSES: ReadonlySet<number> = new Set([502, 504]);
const BUSY_STATUS = 503;
/** What a connection also fails with when a server has more to do than it can. */
const OVERLOAD: ReadonlySet<NetworkReason> = new Set(['timeout', 'reset', 'truncated']);

/**
 * Why the registry could not be asked: a reason of `network`; or, for one that is there, `rate-limited` or `busy`.
 * `isThere`: something else came from it meanwhile. Undefined for every answer of the registry itself (401, 403, 404…),
 * which a kept copy must never cover up, and for a certificate that is not trusted.
 */
export function silenceReason(error: unknown, isThere: boolean): string | undefined {
  if (!isRegistryError(error)) return undefined;
  const { failure } = error;
  if (failure.kind === 'network') return isThere && OVERLOAD.has(failure.reason) ? 'busy' : failure.reason;
  if (failure.kind === 'rate-limited') return 'rate-limited';
  if (failure.kind !== 'registry') return undefined;
  if (failure.status === BUSY_STATUS) return 'busy';
  return GATEWAY_STATUSES.has(failure.status) ? 'unreachable' : undefined;
}

/** True when the registry says that there is no such thing, or that it is not ours to see: nothing is kept of it. */
export function isGone(error: unknown): boolean {
  return isRegistryError(error, 'not-found', 'forbidden', 'unauthorized');
}

/** True when that goes for the whole repository. Spec: OCI Distribution 1.1, "Error Codes", NAME_UNKNOWN. */
export function isRepositoryGone(error: unknown): boolean {
  if (!isRegistryError(error)) return false;
  const { failure } = error;
  if (failure.kind !== 'not-found') return failure.kind === 'forbidden' || failure.kind === 'unauthorized';
  return failure.what === 'repository' || failure.codes.some(({ code }) => code === 'NAME_UNKNOWN');
}
