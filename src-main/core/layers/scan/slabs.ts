import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { freeBuffer } from '../free-buffer.ts';

/** Large enough that a message each costs nothing, small enough that a few of them are no memory to speak of. */
const SLAB_BYTES = 2 * 1024 * 1024;
const SLAB_COUNT = 3;
/** On a slow line a slab goes on before it is full: what was read is told when the thread has it. */
const MOST_MS = 250;

/**
 * The buffers that carry a blob to the thread that reads it. They go back and forth, so nothing is allocated on the
 * way; when all of them are with the thread, whoever fills them waits, and with it the registry. The chunks of the blob
 * are given back as soon as they are copied: as garbage they would cost as much as their hash.
 */
export class Slabs {
  readonly #send: (slab: ArrayBuffer, length: number) => void;
  readonly #free: ArrayBuffer[] = Array.from({ length: SLAB_COUNT }, () => new ArrayBuffer(SLAB_BYTES));
  #length = 0;
  #since = performance.now();
  /** What has found no room, and of it what is copied already. */
  #waiting: { readonly chunk: Uint8Array; at: number } | undefined;
  #hasRoom: () => void = () => undefined;

  /** `send` gets each slab when it is full, or when filling it takes long. */
  constructor(send: (slab: ArrayBuffer, length: number) => void) {
    this.#send = send;
  }

  /** Copies the whole stream, whose chunks are nobody else's; the last slab may be partly filled. Once. */
  async fill(blob: Readable): Promise<void> {
    this.#hasRoom = () => void blob.resume();
    blob.on('data', (chunk: Uint8Array) => {
      if (!this.#copy({ chunk, at: 0 })) blob.pause();
    });
    await finished(blob, { writable: false });
    while (this.#waiting !== undefined) await new Promise<void>((resolve) => (this.#hasRoom = resolve));
    const [slab] = this.#free;
    if (slab !== undefined && this.#length > 0) this.#send(slab, this.#length);
  }

  giveBack(slab: ArrayBuffer): void {
    this.#free.push(slab);
    const waiting = this.#waiting;
    if (waiting === undefined || !this.#copy(waiting)) return;
    this.#hasRoom();
  }

  /** False when a slab has to come back first. */
  #copy(piece: { readonly chunk: Uint8Array; at: number }): boolean {
    const { chunk } = piece;
    while (piece.at < chunk.length) {
      const [slab] = this.#free;
      if (slab === undefined) {
        this.#waiting = piece;
        return false;
      }
      const part = chunk.subarray(piece.at, piece.at + SLAB_BYTES - this.#length);
      new Uint8Array(slab).set(part, this.#length);
      piece.at += part.length;
      this.#length += part.length;
      if (this.#length === SLAB_BYTES || performance.now() - this.#since >= MOST_MS) this.#sendFirst();
    }
    this.#waiting = undefined;
    // Whoever is just giving it to us may look at it once more.
    queueMicrotask(() => freeBuffer(chunk));
    return true;
  }

  #sendFirst(): void {
    const slab = this.#free.shift();
    const length = this.#length;
    this.#length = 0;
    this.#since = performance.now();
    if (slab !== undefined) this.#send(slab, length);
  }
}
