import { createHash, type Hash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Descriptor } from '#shared/oci/descriptor.ts';
import { digestAlgorithm } from '#shared/oci/digest.ts';
import { discard } from '../transport/body.ts';
import { RegistryError } from '../transport/registry-error.ts';
import type { Retrier } from '../transport/retry.ts';
import { BLOB_BUFFER_BYTES, type BodyOrigin, readSized, type SizedReading } from '../transport/sized-stream.ts';
import { type BlobPart, requestBlobAt } from './blob-at.ts';
import type { RemoteContext } from './context.ts';

/** So much of a blob is progress: who gets it each time may break off as often as they like. */
const PROGRESS_BYTES = 1024 * 1024;

export type ResumedBlobOptions = {
  readonly context: RemoteContext;
  readonly repository: string;
  readonly descriptor: Descriptor;
  readonly signal?: AbortSignal | undefined;
  /** Of the blob as a whole, for errors of no part of it. */
  readonly origin: BodyOrigin;
};

/**
 * A blob from its first byte to its last, over as many connections as it takes: broken off it is gone on with where it
 * was, or read anew and skipped up to there when the registry knows no Range. The hash of the whole decides whether the
 * parts belong together: the stream fails at its end, before it says that it has ended, when the digest is another, and
 * nobody may use the bytes before. One stream, since each further one would cost as much as the hash.
 * Spec: OCI Distribution 1.1, "Pulling blobs"; SECURITY-CASES B01–B04, B06, FI01–FI03.
 */
export class ResumedBlob extends Readable {
  readonly #options: ResumedBlobOptions;
  readonly #gone = new AbortController();
  readonly #signal: AbortSignal;
  readonly #retrier: Retrier;
  readonly #hash: Hash;
  #reading: SizedReading | undefined;
  #position = 0;
  #etag: string | undefined;

  /** Resolves when its first part is being answered. @throws {RegistryError} when it cannot be opened */
  static async open(options: ResumedBlobOptions): Promise<ResumedBlob> {
    const blob = new ResumedBlob(options);
    blob.#follow(await blob.#request());
    return blob;
  }

  private constructor(options: ResumedBlobOptions) {
    super({ highWaterMark: BLOB_BUFFER_BYTES });
    const { context, signal, descriptor } = options;
    this.#options = options;
    this.#signal = signal === undefined ? this.#gone.signal : AbortSignal.any([signal, this.#gone.signal]);
    this.#retrier = context.retrier ?? context.transport.createRetrier(context.priority);
    this.#hash = createHash(digestAlgorithm(descriptor.digest));
    // It may fail before anybody reads it, who then is told.
    this.on('error', () => undefined);
  }

  override _read(): void {
    this.#reading?.resume();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#gone.abort();
    this.#reading?.stop();
    callback(error === null ? null : this.#options.origin.mapError(error));
  }

  #request(): Promise<BlobPart> {
    const { context, repository, descriptor } = this.#options;
    const place = { startByte: this.#position, etag: this.#etag };
    return requestBlobAt(context, { repository, descriptor, ...place, signal: this.#signal });
  }

  #follow({ body, sizeBytes, startByte, origin, etag }: BlobPart): void {
    this.#etag = etag ?? this.#etag;
    const before = this.#position;
    let skip = before - startByte;
    this.#reading = readSized(body, sizeBytes, origin, {
      take: (chunk) => {
        const fresh = skip === 0 ? chunk : chunk.subarray(skip);
        skip = Math.max(0, skip - chunk.length);
        return fresh.length === 0 || this.#pass(fresh);
      },
      end: () => this.#finish(),
      fail: (error) => {
        this.#reading = undefined;
        if (this.#position - before >= PROGRESS_BYTES) this.#retrier.renew();
        void this.#goOn(error);
      },
    });
  }

  #pass(chunk: Buffer): boolean {
    this.#position += chunk.length;
    this.#hash.update(chunk);
    return this.push(chunk);
  }

  #finish(): void {
    const { descriptor, origin } = this.#options;
    const { digest } = descriptor;
    const actual = `${digestAlgorithm(digest)}:${this.#hash.digest('hex')}`;
    if (actual === digest) this.push(null);
    else this.destroy(new RegistryError({ kind: 'digest-mismatch', expected: digest, actual }, origin.trace));
  }

  /** Opens what is left as often as it takes, or fails with what cannot be made up for. */
  async #goOn(error: Error): Promise<void> {
    try {
      const part = await this.#nextPart(error);
      if (part === undefined) {
        this.#finish();
      } else if (this.destroyed) {
        discard(part.body);
      } else {
        this.#follow(part);
        this._read();
      }
    } catch (failure) {
      this.destroy(failure instanceof Error ? failure : new Error('the blob cannot be read', { cause: failure }));
    }
  }

  /** Undefined when there is nothing left to ask for. */
  async #nextPart(failure: unknown): Promise<BlobPart | undefined> {
    const { endpoint, transport } = this.#options.context;
    for (let error = failure; ;) {
      await transport.waitToGoOn(error, { endpoint, retrier: this.#retrier, signal: this.#signal, hasBegun: true });
      if (this.#position === this.#options.descriptor.sizeBytes) return undefined;
      try {
        return await this.#request();
      } catch (again) {
        error = again;
      }
    }
  }
}
