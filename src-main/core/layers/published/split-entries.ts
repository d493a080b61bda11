import { DecompressError } from '../decompress/decompressor.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
/** Object, its array, an entry, what an entry holds: nothing of a table is deeper. */
const MAX_DEPTH = 8;
const IN_TABLE = 1;
const IN_ENTRIES = 2;
const MAX_ENTRY_BYTES = 4 * 1024 * 1024;

/**
 * Cuts `{"version": 1, "entries": [{…}, {…}, …]}` into runs of entries as the bytes come by, so that a table of a million
 * files is never a tree of objects. Each run is parsed by JSON.parse. An array at the top is taken for the entries; there
 * may be one.
 */
export class EntrySplitter {
  readonly #take: (entries: readonly unknown[]) => void;
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #arrays = 0;
  #isOver = false;
  /** An entry that goes over the end of a chunk. */
  #held: Buffer = Buffer.alloc(0);
  /** In held and chunk together: the first entry of the run, the end of its last whole one, and the open one. */
  #runStart = -1;
  #runEnd = -1;
  #openStart = -1;

  constructor(take: (entries: readonly unknown[]) => void) {
    this.#take = take;
  }

  /** @throws {DecompressError} `bad-compression` for what is no such table */
  write(chunk: Buffer): void {
    const text = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    for (let at = this.#held.length; at < text.length; at += 1) {
      const byte = text[at] ?? 0;
      if (this.#isInString) this.#inString(byte);
      else if (byte === QUOTE) this.#isInString = true;
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.#open(byte, at);
      else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) this.#close(at);
    }
    this.#giveRun(text);
  }

  /** @throws {DecompressError} `bad-compression` when the table is not whole */
  end(): void {
    if (!this.#isOver || this.#arrays !== 1) throw broken('is not whole');
  }

  #inString(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) this.#isInString = false;
  }

  #open(byte: number, at: number): void {
    if (this.#isOver || this.#depth === MAX_DEPTH) throw broken('is too deep');
    if (this.#depth === 0 && byte !== OPEN_BRACE) throw broken('is no object');
    if (this.#depth === IN_TABLE) this.#openTop(byte);
    if (this.#depth === IN_ENTRIES) {
      if (byte !== OPEN_BRACE) throw broken('has entries that are no objects');
      this.#openStart = at;
      if (this.#runStart === -1) this.#runStart = at;
    }
    this.#depth += 1;
  }

  #openTop(byte: number): void {
    this.#arrays += 1;
    if (byte !== OPEN_BRACKET || this.#arrays > 1) throw broken('holds more than its entries');
  }

  #close(at: number): void {
    if (this.#depth === 0) throw broken('is out of step');
    this.#depth -= 1;
    if (this.#depth === 0) this.#isOver = true;
    if (this.#depth !== IN_ENTRIES) return;
    this.#openStart = -1;
    this.#runEnd = at + 1;
  }

  #giveRun(text: Buffer): void {
    if (this.#runEnd > this.#runStart && this.#runStart !== -1) {
      this.#take(parseRun(text.toString('utf8', this.#runStart, this.#runEnd)));
    }
    const isOpen = this.#openStart !== -1;
    this.#held = isOpen ? Buffer.from(text.subarray(this.#openStart)) : Buffer.alloc(0);
    if (this.#held.length > MAX_ENTRY_BYTES) throw broken('has an entry without end');
    this.#runStart = isOpen ? 0 : -1;
    this.#runEnd = -1;
    this.#openStart = isOpen ? 0 : -1;
  }
}

function parseRun(text: string): readonly unknown[] {
  try {
    const entries: unknown = JSON.parse(`[${text}]`);
    return Array.isArray(entries) ? entries : [];
  } catch (cause) {
    throw broken('is no JSON', { cause });
  }
}

function broken(how: string, options?: ErrorOptions): DecompressError {
  return new DecompressError('bad-compression', `a published table of contents that ${how}`, options);
}
