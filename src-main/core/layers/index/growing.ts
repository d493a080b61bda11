/** Columns that grow by doubling: numbers outside the heap, so that a million entries are no million objects. */

const FIRST_LENGTH = 1024;

export class GrowingU32 {
  #values = new Uint32Array(FIRST_LENGTH);
  length = 0;

  push(value: number): number {
    if (this.length === this.#values.length) {
      const larger = new Uint32Array(this.length * 2);
      larger.set(this.#values);
      this.#values = larger;
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
}

export class GrowingF64 {
  #values = new Float64Array(FIRST_LENGTH);
  length = 0;

  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = new Float64Array(this.length * 2);
      larger.set(this.#values);
      this.#values = larger;
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
}

export class GrowingBytes {
  #bytes = Buffer.alloc(16 * FIRST_LENGTH);
  length = 0;

  /** Where they begin. */
  push(bytes: Uint8Array, start: number, end: number): number {
    const at = this.length;
    const length = at + end - start;
    if (length > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(length, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, at);
      this.#bytes = larger;
    }
    this.#bytes.set(bytes.subarray(start, end), at);
    this.length = length;
    return at;
  }

  view(): Buffer {
    return this.#bytes.subarray(0, this.length);
  }
}
