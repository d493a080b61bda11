import { createHash, type Hash } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';
import { type Digest, digestAlgorithm } from '#shared/oci/digest.ts';
import { RegistryError, type RequestTrace } from './registry-error.ts';

/** What a stream must turn out to be. */
export type Expected = { readonly digest: Digest; readonly sizeBytes: number };

/**
 * Passes bytes on, counting and hashing them: fails as soon as there is one byte too many, and at the end when
 * bytes are missing or the digest differs. So the last chunk may reach the consumer before the verdict; nobody may
 * use the bytes before `end`. Spec: OCI Distribution 1.1, "Pulling blobs"; SECURITY-CASES B01–B03.
 */
export class VerifyingStream extends Transform {
  readonly #expected: Expected;
  readonly #trace: RequestTrace;
  readonly #host: string;
  readonly #mapError: (error: Error) => Error;
  readonly #hash: Hash;
  #received = 0;

  constructor(
    expected: Expected,
    context: { readonly trace: RequestTrace; readonly host: string; readonly mapError: (error: Error) => Error },
  ) {
    super();
    this.#expected = expected;
    this.#trace = context.trace;
    this.#host = context.host;
    this.#mapError = context.mapError;
    this.#hash = createHash(digestAlgorithm(expected.digest));
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, callback: TransformCallback): void {
    this.#received += chunk.length;
    if (this.#received > this.#expected.sizeBytes) {
      const detail = `more than the ${this.#expected.sizeBytes} bytes its descriptor promises`;
      callback(new RegistryError({ kind: 'protocol', reason: 'bad-size', detail }, this.#trace));
      return;
    }
    this.#hash.update(chunk);
    callback(null, chunk);
  }

  override _flush(callback: TransformCallback): void {
    const { digest, sizeBytes } = this.#expected;
    if (this.#received < sizeBytes) {
      const detail = `ended after ${this.#received} of ${sizeBytes} bytes`;
      callback(new RegistryError({ kind: 'network', reason: 'truncated', host: this.#host, detail }, this.#trace));
      return;
    }
    const actual = `${digestAlgorithm(digest)}:${this.#hash.digest('hex')}`;
    if (actual === digest) callback();
    else callback(new RegistryError({ kind: 'digest-mismatch', expected: digest, actual }, this.#trace));
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    callback(error === null ? null : this.#mapError(error));
  }
}
