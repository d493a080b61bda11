import { DatabaseError } from './database-error.ts';

/** A value of a row. Integers are numbers; those beyond 2^53 lose digits. */
export type SqliteValue = number | string | Uint8Array | undefined;

const MAGIC = 'SQLite format 3\u0000';
const HEADER_BYTES = 100;
const INTERIOR = 0x05;
const LEAF = 0x0d;
const MAX_DEPTH = 40;

/**
 * The rows of one table of an SQLite database, read from its bytes. No statement is run and nothing is written: what
 * the file says of views, triggers or virtual tables, and so what a stranger could make SQLite do, has no effect. Pages
 * and bytes are counted, so that a file that refers to itself comes to an end.
 * Spec: https://www.sqlite.org/fileformat2.html
 * @throws {DatabaseError} when it is no SQLite database, has no such table, or contradicts itself
 */
export function* readSqliteTable(file: Buffer, table: string): Generator<readonly SqliteValue[], void, void> {
  const reader = new SqliteReader(file);
  for (const [type, name, , rootPage] of reader.rows(1)) {
    if (type !== 'table' || name !== table || typeof rootPage !== 'number') continue;
    yield* reader.rows(rootPage);
    return;
  }
  throw new DatabaseError(`there is no table ${table}`);
}

class SqliteReader {
  readonly #file: Buffer;
  readonly #pageBytes: number;
  /** Of a page that may be used. */
  readonly #usable: number;
  readonly #encoding: 'utf8' | 'utf16le';
  #payloadLeft: number;

  constructor(file: Buffer) {
    if (file.length < HEADER_BYTES || file.toString('latin1', 0, 16) !== MAGIC) {
      throw new DatabaseError('this is no SQLite database');
    }
    const pageBytes = file.readUInt16BE(16);
    this.#file = file;
    this.#pageBytes = pageBytes === 1 ? 65_536 : pageBytes;
    this.#usable = this.#pageBytes - file.readUInt8(20);
    this.#encoding = file.readUInt32BE(56) === 2 ? 'utf16le' : 'utf8';
    // Every byte is in one row, or two tables are read: more means that rows share their bytes.
    this.#payloadLeft = file.length * 2;
    if (this.#pageBytes < 512 || this.#usable < 480) throw new DatabaseError('the page size is none');
  }

  /** All rows below a page, in the order of their ids. */
  *rows(rootPage: number): Generator<readonly SqliteValue[], void, void> {
    const seen = new Set<number>();
    const open: { readonly page: number; readonly depth: number }[] = [{ page: rootPage, depth: 0 }];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { page, depth } = next;
      if (seen.has(page) || depth > MAX_DEPTH) throw new DatabaseError('its pages refer to one another in a circle');
      seen.add(page);
      const start = page === 1 ? HEADER_BYTES : 0;
      const bytes = this.#page(page);
      const type = bytes.readUInt8(start);
      if (type === LEAF) for (const cell of this.#cells(bytes, start, 8)) yield this.#row(bytes, cell);
      else if (type === INTERIOR) {
        const children = [...this.#cells(bytes, start, 12)].map((cell) => at32(bytes, cell));
        for (const child of [...children, at32(bytes, start + 8)].toReversed())
          open.push({ page: child, depth: depth + 1 });
      } else throw new DatabaseError('a page is no part of a table');
    }
  }

  #page(number: number): Buffer {
    const start = (number - 1) * this.#pageBytes;
    if (number < 1 || start + this.#pageBytes > this.#file.length) throw new DatabaseError('a page is missing');
    return this.#file.subarray(start, start + this.#pageBytes);
  }

  /** Where the cells of a page begin. */
  *#cells(page: Buffer, start: number, headerBytes: number): Generator<number, void, void> {
    const count = page.readUInt16BE(start + 3);
    if (start + headerBytes + count * 2 > page.length) throw new DatabaseError('a page has more cells than fit in it');
    for (let index = 0; index < count; index += 1) yield page.readUInt16BE(start + headerBytes + index * 2);
  }

  #row(page: Buffer, cell: number): readonly SqliteValue[] {
    const size = readVarint(page, cell);
    const id = readVarint(page, size.end);
    return decodeRecord(this.#payload(page, id.end, size.value), this.#encoding);
  }

  /** The bytes of a row: the first of them in its page, the rest in a chain of pages of its own. */
  #payload(page: Buffer, start: number, length: number): Buffer {
    this.#payloadLeft -= length;
    if (length > this.#file.length || this.#payloadLeft < 0)
      throw new DatabaseError('its rows are larger than the file');
    const local = this.#localBytes(length);
    if (start + local > page.length) throw new DatabaseError('a row leaves its page');
    const parts = [page.subarray(start, start + local)];
    let left = length - local;
    for (let next = left > 0 ? at32(page, start + local) : 0; left > 0;) {
      const more = this.#page(next);
      const part = more.subarray(4, Math.min(4 + left, this.#usable));
      parts.push(part);
      left -= part.length;
      next = at32(more, 0);
    }
    return parts.length === 1 ? (parts[0] ?? Buffer.alloc(0)) : Buffer.concat(parts);
  }

  /** Spec: "1.6. B-tree Pages", the calculation of how much is stored on the page itself. */
  #localBytes(length: number): number {
    const most = this.#usable - 35;
    if (length <= most) return length;
    const least = Math.floor(((this.#usable - 12) * 32) / 255) - 23;
    const filled = least + ((length - least) % (this.#usable - 4));
    return filled <= most ? filled : least;
  }
}

function at32(bytes: Buffer, offset: number): number {
  if (offset + 4 > bytes.length) throw new DatabaseError('a page ends too early');
  return bytes.readUInt32BE(offset);
}

/** Spec: "1.6", a variable-length integer of one to nine bytes. */
function readVarint(bytes: Buffer, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let index = 0; index < 9; index += 1) {
    const byte = bytes[start + index];
    if (byte === undefined) throw new DatabaseError('a number ends too early');
    if (index === 8) return { value: value * 256 + byte, end: start + 9 };
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, end: start + index + 1 };
  }
  return { value, end: start + 9 };
}

/** Spec: "2.1. Record Format". */
function decodeRecord(record: Buffer, encoding: 'utf8' | 'utf16le'): readonly SqliteValue[] {
  const header = readVarint(record, 0);
  const values: SqliteValue[] = [];
  let at = header.value;
  for (let next = header.end; next < header.value;) {
    const { value: type, end } = readVarint(record, next);
    const length = lengthOf(type);
    if (at + length > record.length) throw new DatabaseError('a row ends too early');
    values.push(decodeValue(type, record.subarray(at, at + length), encoding));
    at += length;
    next = end;
  }
  return values;
}

const FIXED_LENGTHS = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0] as const;

function lengthOf(type: number): number {
  return type < 12 ? (FIXED_LENGTHS[type] ?? 0) : Math.floor((type - 12) / 2);
}

function decodeValue(type: number, bytes: Buffer, encoding: 'utf8' | 'utf16le'): SqliteValue {
  if (type === 8 || type === 9) return type - 8;
  if (type === 7) return bytes.readDoubleBE(0);
  if (type >= 12) return type % 2 === 0 ? bytes : bytes.toString(encoding);
  if (type === 0 || bytes.length === 0) return undefined;
  return bytes.length === 8 ? Number(bytes.readBigInt64BE(0)) : bytes.readIntBE(0, bytes.length);
}
