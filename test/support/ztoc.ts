import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const folder = join(import.meta.dirname, 'published-layers');

/** A layer, and the table that the SOCI tool made of it. */
export const SOCI_LAYER = {
  blob: readFileSync(join(folder, 'mixed.tar.gz')),
  ztoc: gunzipSync(readFileSync(join(folder, 'mixed.ztoc.gz'))),
} as const;

/** A field of a FlatBuffers table; undefined is left out. */
export type Field =
  | undefined
  | { readonly int8: number }
  | { readonly int32: number }
  | { readonly uint32: number }
  | { readonly int64: number | bigint }
  | { readonly bytes: string | Uint8Array }
  | { readonly table: readonly Field[] }
  | { readonly tables: ReadonlyArray<readonly Field[]> }
  | { readonly strings: readonly string[] };

/** FlatBuffers as simple as they can be: each table after its vtable, what it refers to after it. */
export function flatBuffer(root: readonly Field[]): Buffer {
  const out = new Writer();
  out.refer(out.reserve(4), out.table(root));
  return out.finish();
}

class Writer {
  #bytes = Buffer.alloc(1 << 10);
  #length = 0;

  reserve(bytes: number): number {
    const at = this.#length;
    this.#length += bytes;
    while (this.#length > this.#bytes.length)
      this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(this.#bytes.length)]);
    return at;
  }

  refer(at: number, target: number): void {
    this.#bytes.writeUInt32LE(target - at, at);
  }

  finish(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#length));
  }

  table(fields: readonly Field[]): number {
    const vtable = this.reserve(4 + 2 * fields.length);
    const table = this.reserve(4 + 8 * fields.length);
    this.#bytes.writeUInt16LE(4 + 2 * fields.length, vtable);
    this.#bytes.writeUInt16LE(4 + 8 * fields.length, vtable + 2);
    this.#bytes.writeInt32LE(table - vtable, table);
    for (const [slot, field] of fields.entries()) {
      if (field === undefined) continue;
      this.#bytes.writeUInt16LE(4 + 8 * slot, vtable + 4 + 2 * slot);
      this.#field(table + 4 + 8 * slot, field);
    }
    return table;
  }

  #field(at: number, field: NonNullable<Field>): void {
    if ('int8' in field) this.#bytes.writeInt8(field.int8, at);
    else if ('int32' in field) this.#bytes.writeInt32LE(field.int32, at);
    else if ('uint32' in field) this.#bytes.writeUInt32LE(field.uint32, at);
    else if ('int64' in field) this.#bytes.writeBigInt64LE(BigInt(field.int64), at);
    else if ('bytes' in field) this.refer(at, this.#vector(Buffer.from(field.bytes)));
    else if ('table' in field) this.refer(at, this.table(field.table));
    else if ('tables' in field) this.refer(at, this.#list(field.tables.map((one) => () => this.table(one))));
    else this.refer(at, this.#list(field.strings.map((text) => () => this.#vector(Buffer.from(text)))));
  }

  #vector(bytes: Buffer): number {
    const at = this.reserve(4 + bytes.length + 1);
    this.#bytes.writeUInt32LE(bytes.length, at);
    bytes.copy(this.#bytes, at + 4);
    return at;
  }

  #list(items: ReadonlyArray<() => number>): number {
    const at = this.reserve(4 + 4 * items.length);
    this.#bytes.writeUInt32LE(items.length, at);
    for (const [index, write] of items.entries()) this.refer(at + 4 + 4 * index, write());
    return at;
  }
}

export type ZtocEntry = {
  readonly name: string | Uint8Array;
  readonly type?: string;
  readonly offset: number;
  readonly size?: number | bigint;
  readonly linkName?: string;
  readonly mode?: number;
  readonly modified?: string;
  readonly pax?: Readonly<Record<string, string>>;
};

export type ZtocFields = {
  readonly version?: string;
  readonly blobBytes: number;
  readonly tarBytes: number;
  readonly entries: readonly ZtocEntry[];
  readonly info?: readonly Field[];
};

/** A table of contents as the schema has it; without `info` one for a tar that is not compressed, in one span. */
export function ztoc({ version = '0.9', blobBytes, tarBytes, entries, info = tarInfo(blobBytes) }: ZtocFields): Buffer {
  const tables = entries.map((entry): readonly Field[] => [
    { bytes: entry.name },
    { bytes: entry.type ?? 'reg' },
    { int64: entry.offset },
    { int64: entry.size ?? 0 },
    { bytes: entry.linkName ?? '' },
    { int64: entry.mode ?? 0o644 },
    { uint32: 1000 },
    undefined,
    { bytes: 'web' },
    undefined,
    { bytes: entry.modified ?? '2026-01-05T08:00:00Z' },
    { int64: 1 },
    { int64: 3 },
    { tables: Object.entries(entry.pax ?? {}).map(([key, value]) => [{ bytes: key }, { bytes: value }]) },
  ]);
  return flatBuffer([
    { bytes: version },
    { bytes: 'test' },
    { int64: blobBytes },
    { int64: tarBytes },
    { table: [{ tables }] },
    { table: info },
  ]);
}

export function tarInfo(
  blobBytes: number,
  digests: readonly string[] = [`sha256:${'0'.repeat(64)}`],
): readonly Field[] {
  const spans = flatBuffer([{ int32: 2 }, { int64: Math.ceil(blobBytes / digests.length) }, { int64: blobBytes }]);
  return [{ int8: 2 }, { int32: digests.length - 1 }, { strings: digests }, { bytes: spans }];
}

export type GzipPoint = { readonly input: number; readonly output: number; readonly bits?: number };

export function gzipInfo(points: readonly GzipPoint[], digestCount: number = points.length): readonly Field[] {
  const data = Buffer.alloc(12 + points.length * (17 + 32_768));
  data.writeInt32LE(points.length, 0);
  for (const [index, { input, output, bits = 0 }] of points.entries()) {
    const at = 12 + index * (17 + 32_768);
    data.writeBigInt64LE(BigInt(input), at);
    data.writeBigInt64LE(BigInt(output), at + 8);
    data.writeUInt8(bits, at + 16);
  }
  const digests = Array.from({ length: digestCount }, () => `sha256:${'0'.repeat(64)}`);
  return [{ int8: 1 }, { int32: points.length - 1 }, { strings: digests }, { bytes: data }];
}
