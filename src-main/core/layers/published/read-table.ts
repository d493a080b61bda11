import { DecompressError } from '../decompress/decompressor.ts';
import { type FlatObject, isSpace } from './flat-object.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const UNFINISHED = -1;
const MAX_ENTRY_BYTES = 4 * 1024 * 1024;

/**
 * Walks through `{"version": 1, "entries": [{…}, {…}, …]}` as the bytes come by, entry by entry. An array at the top is
 * taken for the entries; there may be one. Of what stands beside it nothing is believed.
 */
export class TableReader {
  readonly #entry: FlatObject;
  readonly #take: () => void;
  #state: 'begin' | 'table' | 'entries' | 'over' = 'begin';
  #hasEntries = false;
  /** The begin of what goes over the end of a chunk. */
  #held: Buffer = Buffer.alloc(0);

  /** `take` is called whenever `entry` has been read. */
  constructor(entry: FlatObject, take: () => void) {
    this.#entry = entry;
    this.#take = take;
  }

  /** @throws {DecompressError} `bad-compression` for what is no such table; what `take` throws */
  write(chunk: Buffer): void {
    const text = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    let at = 0;
    while (at < text.length) {
      const next = this.#state === 'entries' ? this.#readEntries(text, at) : this.#step(text, at);
      if (next === UNFINISHED) break;
      at = next;
    }
    this.#held = Buffer.from(text.subarray(at));
    if (this.#held.length > MAX_ENTRY_BYTES) throw broken('has an entry without end');
  }

  /** @throws {DecompressError} `bad-compression` when the table is not whole */
  end(): void {
    if (this.#state !== 'over' || !this.#hasEntries) throw broken('is not whole');
  }

  /** One entry, or what stands between two. */
  #readEntries(text: Buffer, at: number): number {
    const byte = text[at] ?? 0;
    if (byte === OPEN_BRACE) {
      const end = this.#entry.read(text, at);
      if (end !== UNFINISHED) this.#take();
      return end;
    }
    if (byte === CLOSE_BRACKET) this.#state = 'table';
    else if (byte !== COMMA && !isSpace(byte)) throw broken('has entries that are no objects');
    return at + 1;
  }

  /** One byte or string outside of the entries. */
  #step(text: Buffer, at: number): number {
    const byte = text[at] ?? 0;
    if (isSpace(byte)) return at + 1;
    if (this.#state === 'over') throw broken('goes on behind its end');
    if (this.#state === 'begin') {
      if (byte !== OPEN_BRACE) throw broken('is no object');
      this.#state = 'table';
      return at + 1;
    }
    if (byte === QUOTE) return behindString(text, at + 1);
    if (byte === CLOSE_BRACE) this.#state = 'over';
    else if (byte === OPEN_BRACKET || byte === OPEN_BRACE || byte === CLOSE_BRACKET) this.#openEntries(byte);
    return at + 1;
  }

  #openEntries(byte: number): void {
    if (byte !== OPEN_BRACKET || this.#hasEntries) throw broken('holds more than its entries');
    this.#hasEntries = true;
    this.#state = 'entries';
  }
}

function behindString(text: Buffer, start: number): number {
  for (let at = start; at < text.length; at += text[at] === BACKSLASH ? 2 : 1) {
    if (text[at] === QUOTE) return at + 1;
  }
  return UNFINISHED;
}

function broken(how: string): DecompressError {
  return new DecompressError('bad-compression', `a published table of contents that ${how}`);
}
