import { GrowingBytes, GrowingU32 } from './growing.ts';

const NONE = 0xff_ff_ff_ff;

/** Byte strings, each kept once and known by a number from 0: most names of a layer come again and again. */
export class ByteTable {
  readonly #bytes = new GrowingBytes();
  readonly #starts = new GrowingU32();
  #slots = new Uint32Array(4096).fill(NONE);

  get count(): number {
    return this.#starts.length;
  }

  /** The bytes of all of them. */
  get totalBytes(): number {
    return this.#bytes.length;
  }

  /** The number of `bytes[start, end)`, which are copied when they are new. */
  intern(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
    const mask = this.#slots.length - 1;
    let slot = hashBytes(bytes, start, end) & mask;
    for (let id = this.#slots[slot] ?? NONE; id !== NONE; id = this.#slots[slot] ?? NONE) {
      if (this.#equals(id, bytes, start, end)) return id;
      slot = (slot + 1) & mask;
    }
    const id = this.#starts.push(this.#bytes.push(bytes, start, end));
    this.#slots[slot] = id;
    if (this.count * 2 > this.#slots.length) this.#grow();
    return id;
  }

  /** A view, good until something new comes. */
  get(id: number): Buffer {
    return this.#bytes.view().subarray(this.#starts.at(id), this.#endOf(id));
  }

  /** True when the string begins with that byte. */
  beginsWith(id: number, byte: number): boolean {
    const start = this.#starts.at(id);
    return start < this.#endOf(id) && this.#bytes.raw[start] === byte;
  }

  /** As `Buffer.compare` of the two. */
  compare(a: number, b: number): number {
    const all = this.#bytes.raw;
    const startA = this.#starts.at(a);
    const startB = this.#starts.at(b);
    const lengthA = this.#endOf(a) - startA;
    const lengthB = this.#endOf(b) - startB;
    const shorter = Math.min(lengthA, lengthB);
    for (let at = 0; at < shorter; at += 1) {
      const difference = (all[startA + at] ?? 0) - (all[startB + at] ?? 0);
      if (difference !== 0) return difference;
    }
    return lengthA - lengthB;
  }

  /** Once, in the end: all bytes in a row, and where each string begins; the last number is where the last one ends. */
  export(): { readonly bytes: Buffer; readonly starts: Uint32Array } {
    this.#starts.push(this.#bytes.length);
    return { bytes: this.#bytes.take(), starts: this.#starts.take() };
  }

  #endOf(id: number): number {
    return id + 1 < this.count ? this.#starts.at(id + 1) : this.#bytes.length;
  }

  #equals(id: number, bytes: Uint8Array, start: number, end: number): boolean {
    const own = this.#starts.at(id);
    if (this.#endOf(id) - own !== end - start) return false;
    const all = this.#bytes.raw;
    for (let at = start; at < end; at += 1) {
      if (all[own + at - start] !== bytes[at]) return false;
    }
    return true;
  }

  #grow(): void {
    const slots = new Uint32Array(this.#slots.length * 2).fill(NONE);
    const mask = slots.length - 1;
    const all = this.#bytes.raw;
    for (let id = 0; id < this.count; id += 1) {
      let slot = hashBytes(all, this.#starts.at(id), this.#endOf(id)) & mask;
      while (slots[slot] !== NONE) slot = (slot + 1) & mask;
      slots[slot] = id;
    }
    this.#slots = slots;
  }
}

/**
 * Started anew in each process by chance, so that nobody can choose names that all fall into one slot and make the
 * table a list.
 */
const SEED = Math.floor(Math.random() * 0xff_ff_ff_ff);

/** FNV-1a, with a last stir: the low bits choose the slot. Another one in each process. */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = SEED;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01_00_01_93);
  return stir(hash);
}

/** Spreads a 32-bit number over all its bits (the finaliser of MurmurHash3). */
export function stir(value: number): number {
  let hash = value ^ (value >>> 16);
  hash = Math.imul(hash, 0x85_eb_ca_6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2_b2_ae_35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
