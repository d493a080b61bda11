import { Readable } from 'node:stream';
import { RegistryError, type RequestTrace } from './registry-error.ts';

type Context = {
  readonly trace: RequestTrace;
  readonly host: string;
  readonly mapError: (error: Error) => Error;
};

/** So much may lie ready before the body is held back. */
const BUFFER_BYTES = 256 * 1024;

/**
 * A body of exactly so many bytes: fails at the first one too many, and at the end when some are missing. Not hashed:
 * whoever joins parts of a blob does that over all of them. Destroying it destroys the body. A `Transform` would do the
 * same for each piece at several times the cost. SECURITY-CASES B02, B03.
 */
export class SizedStream extends Readable {
  readonly #body: Readable;
  readonly #context: Context;

  constructor(body: Readable, sizeBytes: number, context: Context) {
    super({ highWaterMark: BUFFER_BYTES });
    this.#body = body;
    this.#context = context;
    let received = 0;
    body.on('data', (chunk: Buffer) => {
      received += chunk.length;
      if (received > sizeBytes) this.destroy(tooMuch(sizeBytes, context));
      else if (!this.push(chunk)) body.pause();
    });
    body.once('end', () => {
      if (received === sizeBytes) this.push(null);
      else this.destroy(truncated(received, sizeBytes, context));
    });
    body.on('error', (error) => this.destroy(context.mapError(error)));
    body.once('close', () => {
      if (!body.readableEnded) this.destroy(truncated(received, sizeBytes, context));
    });
    body.pause();
    // It may fail before anybody reads it, who then is told.
    this.on('error', () => undefined);
  }

  override _read(): void {
    this.#body.resume();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#body.destroy();
    callback(error === null ? null : this.#context.mapError(error));
  }
}

function tooMuch(sizeBytes: number, { trace }: Context): RegistryError {
  const detail = `more than the ${sizeBytes} bytes that were to come`;
  return new RegistryError({ kind: 'protocol', reason: 'bad-size', detail }, trace);
}

function truncated(received: number, sizeBytes: number, { host, trace }: Context): RegistryError {
  const detail = `ended after ${received} of ${sizeBytes} bytes`;
  return new RegistryError({ kind: 'network', reason: 'truncated', host, detail }, trace);
}
