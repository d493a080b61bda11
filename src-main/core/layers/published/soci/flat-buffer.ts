import { DecompressError } from '../../decompress/decompressor.ts';

const OFFSET_BYTES = 4;
/** Of a vtable: its own length, and that of the table. */
const VTABLE_HEAD_BYTES = 4;
const SLOT_BYTES = 2;

/**
 * FlatBuffers as a stranger wrote them. Every offset is checked, and no more is read in all than there are bytes: tables
 * may share their parts, which no writer of honest files does, and which would make of a small file endless work.
 * Spec: FlatBuffers, "Internals".
 */
export class FlatBuffer {
  readonly #bytes: Buffer;
  #left: number;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#left = bytes.length;
  }

  /** @throws {DecompressError} `bad-compression`; so do all methods here */
  root(): FlatTable {
    return this.tableAt(this.follow(0));
  }

  /** The place of so many bytes, which are there. */
  range(at: number, length: number): number {
    const fits = at >= 0 && length >= 0 && at + length <= this.#bytes.length;
    if (!fits) throw new DecompressError('bad-compression', 'a table of contents that leads out of itself');
    return at;
  }

  follow(at: number): number {
    return at + this.uint32(at);
  }

  uint16(at: number): number {
    return this.#bytes.readUInt16LE(this.range(at, 2));
  }

  uint32(at: number): number {
    return this.#bytes.readUInt32LE(this.range(at, 4));
  }

  int8(at: number): number {
    return this.#bytes.readInt8(this.range(at, 1));
  }

  int32(at: number): number {
    return this.#bytes.readInt32LE(this.range(at, 4));
  }

  int64(at: number): bigint {
    return this.#bytes.readBigInt64LE(this.range(at, 8));
  }

  /** The bytes of a vector or string, as a view. */
  bytes(at: number): Buffer {
    const length = this.uint32(at);
    this.#spend(OFFSET_BYTES + length);
    const start = this.range(at + OFFSET_BYTES, length);
    return this.#bytes.subarray(start, start + length);
  }

  /** Where the offsets of a vector stand. */
  *offsets(at: number): Generator<number, void, void> {
    const length = this.uint32(at);
    this.#spend(OFFSET_BYTES * (1 + length));
    const start = this.range(at + OFFSET_BYTES, OFFSET_BYTES * length);
    for (let index = 0; index < length; index += 1) yield this.follow(start + OFFSET_BYTES * index);
  }

  tableAt(at: number): FlatTable {
    this.#spend(OFFSET_BYTES);
    const vtable = at - this.int32(at);
    const slots = (this.uint16(vtable) - VTABLE_HEAD_BYTES) / SLOT_BYTES;
    this.range(vtable, VTABLE_HEAD_BYTES + SLOT_BYTES * slots);
    return new FlatTable(this, at, (slot) => {
      const offset = slot < slots ? this.uint16(vtable + VTABLE_HEAD_BYTES + SLOT_BYTES * slot) : 0;
      return offset === 0 ? undefined : at + offset;
    });
  }

  #spend(bytes: number): void {
    this.#left -= bytes;
    if (this.#left < 0) throw new DecompressError('bad-compression', 'a table of contents whose parts overlap');
  }
}

/** A table: fields by their number in the schema. What is not there has the value of its type that is nothing. */
export class FlatTable {
  readonly #buffer: FlatBuffer;
  readonly #placeOf: (slot: number) => number | undefined;
  readonly at: number;

  constructor(buffer: FlatBuffer, at: number, placeOf: (slot: number) => number | undefined) {
    this.#buffer = buffer;
    this.at = at;
    this.#placeOf = placeOf;
  }

  int8(slot: number, absent: number): number {
    const at = this.#placeOf(slot);
    return at === undefined ? absent : this.#buffer.int8(at);
  }

  int32(slot: number): number {
    const at = this.#placeOf(slot);
    return at === undefined ? 0 : this.#buffer.int32(at);
  }

  uint32(slot: number): number {
    const at = this.#placeOf(slot);
    return at === undefined ? 0 : this.#buffer.uint32(at);
  }

  /** @throws {DecompressError} also for what is negative or beyond what a number holds exactly */
  size(slot: number): number {
    const at = this.#placeOf(slot);
    const value = at === undefined ? 0 : Number(this.#buffer.int64(at));
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new DecompressError('bad-compression', 'a table of contents with a size that cannot be');
    }
    return value;
  }

  bytes(slot: number): Buffer {
    const at = this.#placeOf(slot);
    return at === undefined ? NOTHING : this.#buffer.bytes(this.#buffer.follow(at));
  }

  table(slot: number): FlatTable {
    const at = this.#placeOf(slot);
    if (at === undefined) throw new DecompressError('bad-compression', 'a table of contents without a part it needs');
    return this.#buffer.tableAt(this.#buffer.follow(at));
  }

  *tables(slot: number): Generator<FlatTable, void, void> {
    for (const at of this.#offsets(slot)) yield this.#buffer.tableAt(at);
  }

  *strings(slot: number): Generator<Buffer, void, void> {
    for (const at of this.#offsets(slot)) yield this.#buffer.bytes(at);
  }

  *#offsets(slot: number): Generator<number, void, void> {
    const at = this.#placeOf(slot);
    if (at !== undefined) yield* this.#buffer.offsets(this.#buffer.follow(at));
  }
}

const NOTHING = Buffer.alloc(0);
