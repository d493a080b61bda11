import { type Headers, singleHeader } from '../../transport/headers.ts';

const RANGE = /^(?:bytes[ =])?0-(-1|\d{1,15})$/i;

/**
 * How many bytes an upload holds, by `Range: 0-<last>`; undefined when it does not say. `0-0` is what most registries
 * say of an empty one, since the syntax has no word for it: it means one byte only where just that has been sent.
 * Spec: OCI Distribution 1.1, "Pushing a blob in chunks".
 */
export function receivedBytes(headers: Headers, sentBytes: number): number | undefined {
  const [matched, last = ''] = RANGE.exec(singleHeader(headers, 'range')?.trim() ?? '') ?? [];
  if (matched === undefined) return undefined;
  if (last === '0') return sentBytes === 1 ? 1 : 0;
  return Number(last) + 1;
}

/** The least a chunk but the last must hold, at most 1 GiB; 0 when the registry does not say. */
export function minChunkBytes(headers: Headers): number {
  const text = singleHeader(headers, 'oci-chunk-min-length')?.trim() ?? '';
  return /^\d{1,15}$/.test(text) ? Math.min(Number(text), MAX_MIN_CHUNK) : 0;
}

/** As regclient: a registry must not make us send a blob whole by calling it a chunk. */
const MAX_MIN_CHUNK = 1024 ** 3;
