import type { Transform } from 'node:stream';
import { DecompressError, type Output } from './decompressor.ts';

/** One of node:zlib's streams. Its work is done in a thread of the pool, so the next piece is made while we use one. */
type ZlibStream = Transform & { readonly bytesWritten: number };

/** How far a chunk was used: less than all of it means that the compressed stream is over. */
export type Fed = { readonly usedBytes: number; readonly isOver: boolean };

/**
 * Runs a stream of node:zlib chunk by chunk and says where in the input it ended, which a pipe would hide. Output is
 * handed on in a microtask: by then the pool has been given its next piece, and both run side by side.
 */
export class Engine {
  readonly #stream: ZlibStream;
  readonly #output: Output;
  readonly #over: Promise<void>;
  #failure: Error | undefined;
  #fedBytes = 0;
  #isOver = false;

  constructor(stream: ZlibStream, output: Output) {
    this.#stream = stream;
    this.#output = output;
    this.#over = new Promise((resolve) => {
      stream.once('end', () => {
        this.#isOver = true;
        resolve();
      });
      stream.once('error', (error) => {
        this.#failure ??= toDecompressError(error);
        resolve();
      });
    });
    stream.on('data', (bytes: Buffer) => queueMicrotask(() => this.#handOn(bytes)));
  }

  /** @throws {DecompressError}, and what the output throws */
  async feed(chunk: Buffer): Promise<Fed> {
    const before = this.#fedBytes;
    this.#fedBytes += chunk.length;
    // When the compressed data ends inside the chunk, node:zlib ends the stream and never calls back.
    await Promise.race([new Promise<void>((resolve) => void this.#stream.write(chunk, () => resolve())), this.#over]);
    this.#throwFailure();
    return { usedBytes: this.#stream.bytesWritten - before, isOver: this.#isOver };
  }

  /** The input is over. @throws {DecompressError} `truncated` when the compressed data is not */
  async finish(): Promise<void> {
    this.#stream.end();
    await this.#over;
    this.#throwFailure();
  }

  destroy(): void {
    this.#failure ??= new DecompressError('truncated', 'stopped');
    this.#stream.destroy();
  }

  #handOn(bytes: Buffer): void {
    if (this.#failure !== undefined) return;
    try {
      this.#output(bytes);
    } catch (error) {
      this.#failure =
        error instanceof Error ? error : new DecompressError('bad-compression', 'unusable', { cause: error });
      this.#stream.destroy(this.#failure);
    }
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}

/** Both libraries say with this code that the input ended too early. */
function toDecompressError(error: Error): DecompressError {
  const isShort = 'code' in error && error.code === 'Z_BUF_ERROR';
  if (isShort) return new DecompressError('truncated', 'the compressed data ends too early', { cause: error });
  return new DecompressError('bad-compression', 'the compressed data is damaged', { cause: error });
}
