import { finished, type Readable } from 'node:stream';

/** So much may lie ready before the stream is held back. */
const READY_BYTES = 512 * 1024;

/** Reads a stream many pieces at a time: one wait for all that lies ready, not one for each. */
export class PieceReader {
  readonly #stream: Readable;
  #ready: Buffer[] = [];
  #readyBytes = 0;
  #end: { readonly error?: Error } | undefined;
  #wake: () => void = () => undefined;

  constructor(stream: Readable) {
    this.#stream = stream;
    stream.on('error', () => undefined);
    finished(stream, { writable: false }, (error) => {
      this.#end ??= error === undefined || error === null ? {} : { error };
      this.#wake();
    });
    stream.on('data', (chunk: unknown) => {
      if (!(chunk instanceof Uint8Array) || chunk.length === 0) return;
      this.#ready.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
      this.#readyBytes += chunk.length;
      if (this.#readyBytes >= READY_BYTES) stream.pause();
      this.#wake();
    });
  }

  /** All that lies ready, as soon as there is anything; undefined at the end. @throws what the stream failed with */
  async take(): Promise<readonly Buffer[] | undefined> {
    while (this.#ready.length === 0) {
      if (this.#end?.error !== undefined) throw this.#end.error;
      if (this.#end !== undefined) return undefined;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    const taken = this.#ready;
    this.#ready = [];
    this.#readyBytes = 0;
    this.#stream.resume();
    return taken;
  }

  destroy(): void {
    this.#stream.destroy();
  }
}
