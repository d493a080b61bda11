/** Large enough that a message each costs nothing, small enough that a few of them are no memory to speak of. */
const SLAB_BYTES = 2 * 1024 * 1024;
const SLAB_COUNT = 3;

/**
 * The buffers that carry a blob to the thread that reads it. They go back and forth, so nothing is allocated on the
 * way; when all of them are with the thread, whoever fills them waits, and with it the registry.
 */
export class Slabs {
  readonly #free: ArrayBuffer[] = Array.from({ length: SLAB_COUNT }, () => new ArrayBuffer(SLAB_BYTES));
  #waiting: ((slab: ArrayBuffer) => void) | undefined;

  /** One caller at a time. */
  take(): Promise<ArrayBuffer> {
    const slab = this.#free.pop();
    if (slab !== undefined) return Promise.resolve(slab);
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  giveBack(slab: ArrayBuffer): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) this.#free.push(slab);
    else waiting(slab);
  }

  /** Fills slabs with the chunks as they come; the last may be partly filled. */
  async *fill(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<{ slab: ArrayBuffer; length: number }, void, void> {
    let slab = await this.take();
    let length = 0;
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length;) {
        const part = chunk.subarray(at, at + SLAB_BYTES - length);
        new Uint8Array(slab).set(part, length);
        at += part.length;
        length += part.length;
        if (length < SLAB_BYTES) continue;
        yield { slab, length };
        slab = await this.take();
        length = 0;
      }
    }
    if (length > 0) yield { slab, length };
  }
}
