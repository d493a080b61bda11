import { DecompressError } from '../decompress/decompressor.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const SPACE = 0x20;
const FIRST_NON_ASCII = 0x80;
/** Of what a value may hold: nothing of a table is deeper. */
const MAX_DEPTH = 6;
/** So many digits are a whole number that nothing was lost of. */
const SAFE_DIGITS = 15;
/** The text ends inside the object: to be read again with more behind it. */
const UNFINISHED = -1;

const NO_KEY = Buffer.alloc(0);
/** Longer keys are looked up each time. */
const MAX_EXPECTED_BYTES = 64;

const KIND = { absent: 0, text: 1, number: 2, other: 3 } as const;

/**
 * One JSON object at a time, read where it lies: of the fields that are asked for it is noted where they stand, and
 * nothing is made of the others. A table of a million files is read without a string or an object for each of its words.
 * A field that comes twice counts as it comes last, as with JSON.parse. Spec: RFC 8259.
 */
export class FlatObject {
  readonly #fields: ReadonlyMap<string, number>;
  /** What came behind each field the last time, key and quote, and which field it was: mostly it comes again. */
  readonly #nextKeys: Buffer[];
  readonly #nextFields: Int32Array;
  readonly #kinds: Uint8Array;
  readonly #starts: Uint32Array;
  readonly #ends: Uint32Array;
  readonly #numbers: Float64Array;
  /** Of `other`. */
  readonly #values: unknown[];
  #text: Buffer = Buffer.alloc(0);
  #field = -1;
  /** Of the string that was read last: where it ends, and what it has that a slice of the text would not give. */
  #hasEscape = false;
  #isAscii = true;

  /** `names`: the fields; from then on they go by their place in the list. */
  constructor(names: readonly string[]) {
    this.#fields = new Map(names.map((name, field) => [name, field]));
    this.#nextKeys = [...names, 'the first', 'another'].map(() => NO_KEY);
    this.#nextFields = new Int32Array(this.#nextKeys.length);
    this.#kinds = new Uint8Array(names.length);
    this.#starts = new Uint32Array(names.length);
    this.#ends = new Uint32Array(names.length);
    this.#numbers = new Float64Array(names.length);
    this.#values = names.map(() => undefined);
  }

  /**
   * Reads the object whose brace is at `start`. The place behind it, or -1 when the text ends before. Good until the
   * next call, as long as the text is. @throws {DecompressError} `bad-compression` for what is no JSON
   */
  read(text: Buffer, start: number): number {
    this.#text = text;
    this.#kinds.fill(KIND.absent);
    this.#field = this.#kinds.length;
    let at = this.#skipSpace(start + 1);
    if (text[at] === CLOSE_BRACE) return at + 1;
    for (;;) {
      if (at >= text.length) return UNFINISHED;
      at = this.#readField(at);
      if (at === UNFINISHED) return UNFINISHED;
      at = this.#skipSpace(at);
      if (at >= text.length) return UNFINISHED;
      if (text[at] === CLOSE_BRACE) return at + 1;
      if (text[at] !== COMMA) throw notJson();
      at = this.#skipSpace(at + 1);
    }
  }

  /** A number; undefined when the field is absent or null. @throws {DecompressError} for anything else */
  number(field: number): number | undefined {
    if (this.#kinds[field] === KIND.number) return this.#numbers[field];
    if (this.#isMissing(field)) return undefined;
    throw notJson();
  }

  /** True when the field is that string, which has to be ASCII. */
  is(field: number, word: Buffer): boolean {
    if (this.#kinds[field] !== KIND.text) return false;
    const start = this.#starts[field] ?? 0;
    return (this.#ends[field] ?? 0) - start === word.length && standsAt(this.#text, start, word);
  }

  /** The UTF-8 of a string; undefined when the field is absent or null. A view. @throws {DecompressError} as `number` */
  bytes(field: number): Buffer | undefined {
    if (this.#kinds[field] === KIND.text) return this.#text.subarray(this.#starts[field], this.#ends[field]);
    const value = this.#values[field];
    if (this.#isMissing(field)) return undefined;
    if (this.#kinds[field] !== KIND.other || typeof value !== 'string') throw notJson();
    return Buffer.from(value);
  }

  /** What is no plain number or string: parsed. */
  value(field: number): unknown {
    if (this.#kinds[field] === KIND.other) return this.#values[field];
    return this.#kinds[field] === KIND.number ? this.#numbers[field] : this.bytes(field)?.toString();
  }

  #isMissing(field: number): boolean {
    const kind = this.#kinds[field];
    return kind === KIND.absent || (kind === KIND.other && this.#values[field] === null);
  }

  /** Behind the value, or unfinished. */
  #readField(at: number): number {
    const text = this.#text;
    if (text[at] !== QUOTE) throw notJson();
    const keyEnd = this.#readKey(at + 1);
    if (keyEnd === UNFINISHED) return UNFINISHED;
    const colon = this.#skipSpace(keyEnd);
    if (colon < text.length && text[colon] !== COLON) throw notJson();
    const start = this.#skipSpace(colon + 1);
    if (start >= text.length) return UNFINISHED;
    const byte = text[start] ?? 0;
    if (byte === QUOTE) return this.#readString(this.#field, start);
    if (byte >= ZERO && byte <= NINE) return this.#readDigits(this.#field, start);
    return this.#readOther(this.#field, start);
  }

  /** Sets the field, -1 for one that nobody asked for; the place behind the key. */
  #readKey(start: number): number {
    const text = this.#text;
    const last = this.#field === -1 ? this.#nextKeys.length - 1 : this.#field;
    const expected = this.#nextKeys[last] ?? NO_KEY;
    if (expected.length > 0 && standsAt(text, start, expected)) {
      this.#field = this.#nextFields[last] ?? -1;
      return start + expected.length;
    }
    const end = this.#stringEnd(start);
    if (end === UNFINISHED) return UNFINISHED;
    const name = this.#hasEscape ? parse(text, start - 1, end + 1) : text.toString('utf8', start, end);
    this.#field = this.#fields.get(String(name)) ?? -1;
    const isWorthIt = !this.#hasEscape && end - start <= MAX_EXPECTED_BYTES;
    this.#nextKeys[last] = isWorthIt ? Buffer.from(text.subarray(start, end + 1)) : NO_KEY;
    this.#nextFields[last] = this.#field;
    return end + 1;
  }

  #readString(field: number, start: number): number {
    const end = this.#stringEnd(start + 1);
    if (end === UNFINISHED) return UNFINISHED;
    if (this.#hasEscape || !this.#isAscii) {
      this.#setOther(field, parse(this.#text, start, end + 1));
    } else if (field >= 0) {
      this.#kinds[field] = KIND.text;
      this.#starts[field] = start + 1;
      this.#ends[field] = end;
    }
    return end + 1;
  }

  /** Whole numbers as they mostly are; anything longer or with more than digits is left to JSON.parse. */
  #readDigits(field: number, start: number): number {
    const text = this.#text;
    let value = 0;
    let at = start;
    for (; at < text.length; at += 1) {
      const digit = (text[at] ?? 0) - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    const isPlain = at - start <= SAFE_DIGITS && (at === start + 1 || text[start] !== ZERO);
    if (at === text.length || !endsWord(text[at] ?? 0) || !isPlain) return this.#readOther(field, start);
    if (field >= 0) {
      this.#kinds[field] = KIND.number;
      this.#numbers[field] = value;
    }
    return at;
  }

  /** Objects, arrays, words, and numbers of other kinds. */
  #readOther(field: number, start: number): number {
    const end = this.#valueEnd(start);
    if (end === UNFINISHED) return UNFINISHED;
    const value = parse(this.#text, start, end);
    if (typeof value !== 'number' || field < 0) {
      this.#setOther(field, value);
    } else {
      this.#kinds[field] = KIND.number;
      this.#numbers[field] = value;
    }
    return end;
  }

  #setOther(field: number, value: unknown): void {
    if (field < 0) return;
    this.#kinds[field] = KIND.other;
    this.#values[field] = value;
  }

  #valueEnd(start: number): number {
    const text = this.#text;
    let depth = 0;
    for (let at = start; at < text.length; at += 1) {
      const byte = text[at] ?? 0;
      if (depth === 0 && endsWord(byte) && at > start) return at;
      if (byte === QUOTE) {
        at = this.#stringEnd(at + 1);
        if (at === UNFINISHED) return UNFINISHED;
      } else {
        depth += nesting(byte);
        if (depth > MAX_DEPTH) throw notJson();
        if (depth <= 0 && nesting(byte) === -1) return at + 1;
      }
    }
    return UNFINISHED;
  }

  /** Where the quote is that ends the string. */
  #stringEnd(start: number): number {
    const text = this.#text;
    let all = 0;
    this.#hasEscape = false;
    for (let at = start; at < text.length; at += 1) {
      const byte = text[at] ?? 0;
      if (byte === QUOTE) {
        this.#isAscii = all < FIRST_NON_ASCII;
        return at;
      }
      if (byte < SPACE) throw notJson();
      if (byte === BACKSLASH) {
        this.#hasEscape = true;
        at += 1;
      }
      all |= byte;
    }
    return UNFINISHED;
  }

  #skipSpace(start: number): number {
    const text = this.#text;
    let at = start;
    while (at < text.length && isSpace(text[at] ?? 0)) at += 1;
    return at;
  }
}

/** The four that JSON knows. */
export function isSpace(byte: number): boolean {
  return byte === SPACE || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** How much deeper it is behind that byte. */
function nesting(byte: number): number {
  if (byte === OPEN_BRACE || byte === OPEN_BRACKET) return 1;
  return byte === CLOSE_BRACE || byte === CLOSE_BRACKET ? -1 : 0;
}

function endsWord(byte: number): boolean {
  return byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET || isSpace(byte);
}

function standsAt(text: Buffer, start: number, word: Buffer): boolean {
  for (let at = 0; at < word.length; at += 1) {
    if (text[start + at] !== word[at]) return false;
  }
  return true;
}

function parse(text: Buffer, start: number, end: number): unknown {
  try {
    return JSON.parse(text.toString('utf8', start, end));
  } catch (cause) {
    throw notJson({ cause });
  }
}

function notJson(options?: ErrorOptions): DecompressError {
  return new DecompressError('bad-compression', 'a published table of contents that is no JSON', options);
}
