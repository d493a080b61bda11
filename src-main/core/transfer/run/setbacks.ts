import { DigestMismatchError, GantryError } from '../../gantry-error.ts';
import { isRegistryError } from '../../registry/transport/registry-error.ts';
import { isTemporary, wasTriedEnough } from '../../registry/transport/temporary.ts';

const BASE_MS = 500;
const MOST_MS = 30_000;

/** Before try `attempt + 1`: full jitter, so that what failed together does not come back together. */
export function retryDelayMs(attempt: number, random: () => number = Math.random): number {
  return Math.round(random() * Math.min(MOST_MS, BASE_MS * 2 ** (attempt - 1)));
}

/** A registry that restarts refuses connections, and a laptop that wakes up has no network yet. */
const PASSING: ReadonlySet<string> = new Set([
  'reset',
  'truncated',
  'timeout',
  'refused',
  'unreachable',
  'dns',
  'other',
]);

/** A source broke off, or could not be reached, in a manner that may pass: opened anew it may go on. */
export function isBroken(error: unknown): boolean {
  if (wasTriedEnough(error)) return false;
  if (isTemporary(error)) return true;
  return isRegistryError(error) && error.failure.kind === 'network' && PASSING.has(error.failure.reason);
}

/** Other bytes came than the digest promises: damaged on the way, or in the source. */
export function isDamage(error: unknown): boolean {
  return error instanceof DigestMismatchError || isRegistryError(error, 'digest-mismatch');
}

/** A sign-in is asked for, or the one there is is not taken (any more). */
export function isSignedOut(error: unknown): boolean {
  return error instanceof GantryError && error.kind === 'unauthorized';
}
