import { Transform, type TransformCallback } from 'node:stream';
import { RegistryError, type RequestTrace } from './registry-error.ts';

/**
 * Passes on exactly so many bytes: fails at the first one too many, and at the end when some are missing. Not hashed:
 * whoever joins parts of a blob does that over all of them. SECURITY-CASES B02, B03.
 */
export class SizedStream extends Transform {
  readonly #sizeBytes: number;
  readonly #context: {
    readonly trace: RequestTrace;
    readonly host: string;
    readonly mapError: (error: Error) => Error;
  };
  #received = 0;

  constructor(
    sizeBytes: number,
    context: { readonly trace: RequestTrace; readonly host: string; readonly mapError: (error: Error) => Error },
  ) {
    super();
    this.#sizeBytes = sizeBytes;
    this.#context = context;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, callback: TransformCallback): void {
    this.#received += chunk.length;
    if (this.#received <= this.#sizeBytes) return callback(null, chunk);
    const detail = `more than the ${this.#sizeBytes} bytes that were to come`;
    callback(new RegistryError({ kind: 'protocol', reason: 'bad-size', detail }, this.#context.trace));
  }

  override _flush(callback: TransformCallback): void {
    if (this.#received === this.#sizeBytes) return callback();
    const { host, trace } = this.#context;
    const detail = `ended after ${this.#received} of ${this.#sizeBytes} bytes`;
    callback(new RegistryError({ kind: 'network', reason: 'truncated', host, detail }, trace));
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    callback(error === null ? null : this.#context.mapError(error));
  }
}
