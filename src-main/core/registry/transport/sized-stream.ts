import { Readable } from 'node:stream';
import { RegistryError, type RequestTrace } from './registry-error.ts';

/** Whom a body is from, for errors. */
export type BodyOrigin = {
  readonly trace: RequestTrace;
  readonly host: string;
  readonly mapError: (error: Error) => Error;
};

/** Who gets the bytes of a body. One of `end` and `fail` comes last, and once. */
export type BodySink = {
  /** True when more may follow at once; else {@link SizedReading.resume} has to be called first. */
  take(chunk: Buffer): boolean;
  end(): void;
  fail(error: Error): void;
};

export type SizedReading = {
  resume(): void;
  /** Destroys the body; the sink is told nothing more. */
  stop(): void;
};

/** So much may lie ready before the body is held back. */
export const BLOB_BUFFER_BYTES: number = 256 * 1024;

/**
 * Hands on a body of exactly so many bytes, paused at first: it fails at the first byte too many, none of whose chunk is
 * handed on, and at the end when some are missing. Without a stream of its own, since each stream that a byte goes
 * through costs as much as its hash. SECURITY-CASES B02, B03.
 */
export function readSized(body: Readable, sizeBytes: number, origin: BodyOrigin, sink: BodySink): SizedReading {
  let received = 0;
  let isOver = false;
  const fail = (error: Error): void => {
    if (isOver) return;
    isOver = true;
    body.destroy();
    sink.fail(error);
  };
  body.on('data', (chunk: Buffer) => {
    if (isOver) return;
    received += chunk.length;
    if (received > sizeBytes) fail(tooMuch(sizeBytes, origin));
    else if (!sink.take(chunk)) body.pause();
  });
  body.once('end', () => {
    if (received !== sizeBytes) fail(truncated(received, sizeBytes, origin));
    if (isOver) return;
    isOver = true;
    sink.end();
  });
  body.on('error', (error) => fail(origin.mapError(error)));
  body.once('close', () => fail(truncated(received, sizeBytes, origin)));
  body.pause();
  return {
    resume: () => void body.resume(),
    stop: () => {
      isOver = true;
      body.destroy();
    },
  };
}

/**
 * A body of exactly so many bytes, as {@link readSized} has it. Not hashed: whoever joins parts of a blob does that over
 * all of them. Destroying it destroys the body.
 */
export class SizedStream extends Readable {
  readonly #reading: SizedReading;
  readonly #origin: BodyOrigin;

  constructor(body: Readable, sizeBytes: number, origin: BodyOrigin) {
    super({ highWaterMark: BLOB_BUFFER_BYTES });
    this.#origin = origin;
    this.#reading = readSized(body, sizeBytes, origin, {
      take: (chunk) => this.push(chunk),
      end: () => this.push(null),
      fail: (error) => this.destroy(error),
    });
    // It may fail before anybody reads it, who then is told.
    this.on('error', () => undefined);
  }

  override _read(): void {
    this.#reading.resume();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#reading.stop();
    callback(error === null ? null : this.#origin.mapError(error));
  }
}

function tooMuch(sizeBytes: number, { trace }: BodyOrigin): RegistryError {
  const detail = `more than the ${sizeBytes} bytes that were to come`;
  return new RegistryError({ kind: 'protocol', reason: 'bad-size', detail }, trace);
}

function truncated(received: number, sizeBytes: number, { host, trace }: BodyOrigin): RegistryError {
  const detail = `ended after ${received} of ${sizeBytes} bytes`;
  return new RegistryError({ kind: 'network', reason: 'truncated', host, detail }, trace);
}
