import { isRegistryError } from '../../transport/registry-error.ts';
import { setbackOfFailure } from '../../transport/retry.ts';
import { NoChunksError } from './no-chunks-error.ts';

/** What to do about an upload that failed. */
export type Remedy =
  /** Nothing: the failure is told. */
  | 'give-up'
  /** Read the source once more from its beginning, and send it by a new session. */
  | 'read-anew'
  /** Send less at once. */
  | 'smaller'
  /** Send everything at once, by a new session. */
  | 'whole'
  /** Ask how far the upload has come, and go on from there; a session that is gone is replaced. */
  | 'ask'
  /** The same after a while: the registry was busy, or the connection was lost. */
  | 'wait-and-ask';

/** The registry, or the network on the way to it, has other bytes than we sent. */
const WRONG_BYTES = 'DIGEST_INVALID';

/** Codes that say that the registry and we are at different places of the blob. */
const OUT_OF_STEP: ReadonlySet<string> = new Set(['RANGE_INVALID', 'SIZE_INVALID', 'BLOB_UPLOAD_INVALID']);

/**
 * What to do about a failure on the way of a blob to a registry. `isSource`: the bytes could not be read, or are not
 * what their descriptor says. SECURITY-CASES U03–U05, FI05, FI12, FI13.
 */
export function remedyFor(error: unknown, { isSource }: { readonly isSource: boolean }): Remedy {
  if (error instanceof NoChunksError) return 'whole';
  if (!isRegistryError(error)) return 'give-up';
  if (isSource) return error.kind === 'digest-mismatch' ? 'read-anew' : 'give-up';
  const { failure, trace } = error;
  const codes = 'codes' in failure ? failure.codes.map(({ code }) => code) : [];
  if (codes.includes(WRONG_BYTES)) return 'read-anew';
  return (
    remedyForStatus(trace?.status, codes) ?? (setbackOfFailure(error, true) === undefined ? 'give-up' : 'wait-and-ask')
  );
}

function remedyForStatus(status: number | undefined, codes: readonly string[]): Remedy | undefined {
  if (status === 413) return 'smaller';
  const isOutOfStep = status === 400 && codes.some((code) => OUT_OF_STEP.has(code));
  return status === 404 || status === 416 || isOutOfStep ? 'ask' : undefined;
}
