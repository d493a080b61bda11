/**
 * Columns that grow by doubling: numbers outside the heap, so that a million entries are no million objects. What they
 * grow out of is given back at once, and views of it are no more.
 */

const FIRST_LENGTH = 1024;

export class GrowingU32 {
  #values = new Uint32Array(FIRST_LENGTH);
  length = 0;

  push(value: number): number {
    if (this.length === this.#values.length) {
      this.#values = new Uint32Array(this.#values.buffer.transfer(this.length * 2 * Uint32Array.BYTES_PER_ELEMENT));
    }
    this.#values[this.length] = value;
    this.length += 1;
    return this.length - 1;
  }

  at(index: number): number {
    return this.#values[index] ?? 0;
  }

  set(index: number, value: number): void {
    this.#values[index] = value;
  }

  view(): Uint32Array {
    return this.#values.subarray(0, this.length);
  }

  /** The column in a buffer of its size, when nothing more will come. */
  take(): Uint32Array {
    this.#values = new Uint32Array(this.#values.buffer.transfer(this.length * Uint32Array.BYTES_PER_ELEMENT));
    return this.#values;
  }
}

export class GrowingF64 {
  #values = new Float64Array(FIRST_LENGTH);
  length = 0;

  push(value: number): void {
    if (this.length === this.#values.length) {
      this.#values = new Float64Array(this.#values.buffer.transfer(this.length * 2 * Float64Array.BYTES_PER_ELEMENT));
    }
    this.#values[this.length] = value;
    this.length += 1;
  }

  at(index: number): number {
    return this.#values[index] ?? 0;
  }

  set(index: number, value: number): void {
    this.#values[index] = value;
  }

  view(): Float64Array {
    return this.#values.subarray(0, this.length);
  }

  /** The column in a buffer of its size, when nothing more will come. */
  take(): Float64Array {
    this.#values = new Float64Array(this.#values.buffer.transfer(this.length * Float64Array.BYTES_PER_ELEMENT));
    return this.#values;
  }
}

/** Up to here a loop is faster than a view and a copy. */
const SHORT_BYTES = 64;

export class GrowingBytes {
  #bytes = Buffer.from(new ArrayBuffer(16 * FIRST_LENGTH));
  length = 0;

  /** Where they begin. */
  push(bytes: Uint8Array, start: number, end: number): number {
    const at = this.length;
    const length = at + end - start;
    if (length > this.#bytes.length) {
      this.#bytes = Buffer.from(this.#bytes.buffer.transfer(Math.max(length, this.#bytes.length * 2)));
    }
    if (end - start > SHORT_BYTES) {
      this.#bytes.set(bytes.subarray(start, end), at);
    } else {
      const own = this.#bytes;
      for (let from = start; from < end; from += 1) own[at + from - start] = bytes[from] ?? 0;
    }
    this.length = length;
    return at;
  }

  /** All that there is room for, until something new comes: what is beyond {@link length} is nothing. */
  get raw(): Buffer {
    return this.#bytes;
  }

  view(): Buffer {
    return this.#bytes.subarray(0, this.length);
  }

  /** As `GrowingU32.take`. */
  take(): Buffer {
    this.#bytes = Buffer.from(this.#bytes.buffer.transfer(this.length));
    return this.#bytes;
  }
}
