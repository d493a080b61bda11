import { DatabaseError } from './database-error.ts';
import { type PackageFacts, toFacts } from './installed-package.ts';
import { readSqliteTable } from './sqlite-file.ts';

const TAG = {
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  size: 1009,
  license: 1014,
  arch: 1022,
  source: 1044,
  longSize: 5009,
} as const;
const INT32 = 4;
const INT64 = 5;
const STRING = 6;
const I18N = 9;
const MAX_TAGS = 65_536;

/** Packages of an rpm database in SQLite form (`rpmdb.sqlite`). @throws {DatabaseError} */
export function* readRpm(file: Buffer): Generator<PackageFacts, void, void> {
  for (const [, header] of readSqliteTable(file, 'Packages')) {
    if (typeof header !== 'object') throw new DatabaseError('a package has no header');
    const facts = readRpmHeader(Buffer.from(header.buffer, header.byteOffset, header.byteLength));
    // Keys that packages are signed with are kept as packages.
    if (facts !== undefined && facts.name !== 'gpg-pubkey') yield facts;
  }
}

/**
 * One package's header as the database keeps it: counts, an index of tags, and the values.
 * Spec: RPM "Package format", "Header structure", without the magic that files have before it.
 * @throws {DatabaseError}
 */
export function readRpmHeader(header: Buffer): PackageFacts | undefined {
  const tags = new TagReader(header);
  const epoch = tags.number(TAG.epoch);
  const version = [tags.text(TAG.version), tags.text(TAG.release)].filter((part) => part !== undefined).join('-');
  return toFacts({
    name: tags.text(TAG.name),
    version: epoch === undefined || epoch === 0 ? version : `${epoch}:${version}`,
    architecture: tags.text(TAG.arch),
    license: tags.text(TAG.license),
    source: tags.text(TAG.source),
    sizeBytes: tags.number(TAG.longSize) ?? tags.number(TAG.size),
  });
}

class TagReader {
  readonly #header: Buffer;
  /** The first entry of each tag that is asked for. */
  readonly #entries = new Map<number, { readonly type: number; readonly offset: number }>();
  readonly #dataStart: number;

  constructor(header: Buffer) {
    const count = header.length < 8 ? -1 : header.readUInt32BE(0);
    this.#header = header;
    this.#dataStart = 8 + count * 16;
    if (count < 0 || count > MAX_TAGS || this.#dataStart > header.length) {
      throw new DatabaseError('the header of a package is none');
    }
    const wanted = new Set<number>(Object.values(TAG));
    for (let at = 8; at < this.#dataStart; at += 16) {
      const tag = header.readUInt32BE(at);
      if (!wanted.has(tag) || this.#entries.has(tag)) continue;
      this.#entries.set(tag, { type: header.readUInt32BE(at + 4), offset: header.readUInt32BE(at + 8) });
    }
  }

  text(tag: number): string | undefined {
    const entry = this.#entries.get(tag);
    if (entry === undefined || (entry.type !== STRING && entry.type !== I18N)) return undefined;
    const start = this.#dataStart + entry.offset;
    const end = this.#header.indexOf(0, start);
    if (end === -1) throw new DatabaseError('a text in the header of a package has no end');
    return this.#header.toString('utf8', start, end);
  }

  number(tag: number): number | undefined {
    const entry = this.#entries.get(tag);
    if (entry === undefined || (entry.type !== INT32 && entry.type !== INT64)) return undefined;
    const start = this.#dataStart + entry.offset;
    const length = entry.type === INT32 ? 4 : 8;
    if (start + length > this.#header.length) throw new DatabaseError('the header of a package ends too early');
    return length === 4 ? this.#header.readUInt32BE(start) : Number(this.#header.readBigUInt64BE(start));
  }
}
