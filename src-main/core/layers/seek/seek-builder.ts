import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { GrowingBytes, GrowingF64, GrowingU32 } from '../index/growing.ts';
import { HASH_BYTES, PART_BYTES, POINT_BYTES, type SeekColumns, WINDOW_BYTES } from './seek-index.ts';

/** A place where decompression can begin, with the output so far. */
export type SeekPoint = { readonly input: number; readonly bits: number; readonly hold: number };

/**
 * Collects the output of a layer part by part, and the places where one could begin to read it. The last parts are
 * held, for the windows.
 */
export class SeekBuilder {
  readonly #pointInputs = new GrowingF64();
  readonly #pointOutputs = new GrowingF64();
  readonly #pointBits = new GrowingBytes();
  readonly #pointHolds = new GrowingBytes();
  readonly #windows = new GrowingBytes();
  readonly #windowEnds = new GrowingU32();
  readonly #partInputs = new GrowingF64();
  readonly #partHashes = new GrowingBytes();
  #part: Uint8Array = new Uint8Array(PART_BYTES);
  #before: Uint8Array = new Uint8Array(PART_BYTES);
  #filled = 0;
  #parts = 0;
  #settled = 0;

  get outputBytes(): number {
    return this.#parts * PART_BYTES + this.#filled;
  }

  /** Room for output: as long as the part is not full. What is written there is told by {@link wrote}. */
  get room(): Uint8Array {
    return this.#part.subarray(this.#filled);
  }

  /** `input`: what was taken of the blob by now. */
  wrote(bytes: number, input: number): void {
    this.#filled += bytes;
    if (this.#filled === PART_BYTES) this.#endPart(input);
  }

  /** Output that was made elsewhere. */
  add(bytes: Uint8Array, input: number): void {
    for (let at = 0; at < bytes.length;) {
      const { room } = this;
      const piece = bytes.subarray(at, at + room.length);
      room.set(piece);
      at += piece.length;
      this.wrote(piece.length, input);
    }
  }

  /** Notes a point when the last one is far enough away. `hasWindow`: what follows may refer to what was before. */
  offer({ input, bits, hold }: SeekPoint, hasWindow: boolean): void {
    const last = this.#pointOutputs.length - 1;
    if (last >= 0 && this.outputBytes - this.#pointOutputs.at(last) < POINT_BYTES) return;
    this.#pointInputs.push(input);
    this.#pointOutputs.push(this.outputBytes);
    this.#pointBits.push(Uint8Array.of(bits), 0, 1);
    this.#pointHolds.push(Uint8Array.of(hold), 0, 1);
    const packed = hasWindow ? deflateRawSync(this.#window(), { level: 6 }) : NOTHING;
    this.#windows.push(packed, 0, packed.length);
    this.#windowEnds.push(this.#windows.length);
  }

  /** Of the parts since the last such call it is only known that they are whole once this much of the blob is there. */
  settle(input: number): void {
    for (; this.#settled < this.#parts; this.#settled += 1) this.#partInputs.set(this.#settled, input);
  }

  finish(input: number): SeekColumns {
    if (this.#filled > 0) this.#endPart(input);
    return {
      pointInputs: this.#pointInputs.view(),
      pointOutputs: this.#pointOutputs.view(),
      pointBits: this.#pointBits.view(),
      pointHolds: this.#pointHolds.view(),
      windows: this.#windows.view(),
      windowEnds: this.#windowEnds.view(),
      partInputs: this.#partInputs.view(),
      partHashes: this.#partHashes.view(),
    };
  }

  #endPart(input: number): void {
    const hash = createHash('sha256').update(this.#part.subarray(0, this.#filled)).digest();
    this.#partHashes.push(hash, 0, HASH_BYTES);
    this.#partInputs.push(input);
    [this.#part, this.#before] = [this.#before, this.#part];
    this.#parts += 1;
    this.#filled = 0;
  }

  /** The last 32 KiB of output, or all of it when there is less. */
  #window(): Uint8Array {
    const own = this.#part.subarray(Math.max(0, this.#filled - WINDOW_BYTES), this.#filled);
    const missing = this.#parts === 0 ? 0 : WINDOW_BYTES - own.length;
    return Buffer.concat([this.#before.subarray(PART_BYTES - missing), own]);
  }
}

const NOTHING = new Uint8Array(0);
