type Numbers = Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/**
 * A growing list of numbers in one typed array: a million entries of an image take megabytes here that would be tens of
 * megabytes as objects. Reading past the end gives 0.
 */
export class Column {
  readonly #make: (length: number) => Numbers;
  #data: Numbers;
  #length = 0;

  /** `length` zeros to begin with. */
  constructor(make: (length: number) => Numbers, length = 0) {
    this.#make = make;
    this.#data = make(Math.max(length, 256));
    this.#length = length;
  }

  get length(): number {
    return this.#length;
  }

  at(index: number): number {
    return this.#data[index] ?? 0;
  }

  /** `index` must have been pushed. */
  set(index: number, value: number): void {
    this.#data[index] = value;
  }

  add(index: number, value: number): void {
    this.#data[index] = (this.#data[index] ?? 0) + value;
  }

  /** Returns the position of the new number. */
  push(value: number): number {
    if (this.#length === this.#data.length) {
      const larger = this.#make(this.#length * 2);
      larger.set(this.#data);
      this.#data = larger;
    }
    this.#data[this.#length] = value;
    this.#length += 1;
    return this.#length - 1;
  }
}

/** For positions, types and flags. */
export function intColumn(length?: number): Column {
  return new Column((size) => new Int32Array(size), length);
}

/** For sizes, times and ids, which a tar may give as more than 32 bits. */
export function floatColumn(length?: number): Column {
  return new Column((size) => new Float64Array(size), length);
}
