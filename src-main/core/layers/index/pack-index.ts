import { crc32 } from 'node:zlib';
import type { IndexColumns } from './columns.ts';
import { aligned, HEAD_BYTES, type IndexFacts, MAGIC } from './index-format.ts';

/** The whole index as one file: head, facts as JSON, and the columns as they are in memory. */
export function packIndex(facts: IndexFacts, columns: IndexColumns): Buffer<ArrayBuffer> {
  const placed: Record<string, readonly [start: number, bytes: number]> = {};
  let length = 0;
  const parts = Object.entries(columns).map(([name, column]) => {
    const bytes = Buffer.from(column.buffer, column.byteOffset, column.byteLength);
    placed[name] = [length, bytes.length];
    const part = { start: length, bytes };
    length += aligned(bytes.length);
    return part;
  });
  const json = Buffer.from(JSON.stringify({ ...facts, columns: placed }));
  const begin = aligned(HEAD_BYTES + json.length);
  const file = Buffer.alloc(begin + length);
  MAGIC.copy(file);
  file.writeUInt32LE(json.length, MAGIC.length + 4);
  json.copy(file, HEAD_BYTES);
  for (const part of parts) part.bytes.copy(file, begin + part.start);
  file.writeUInt32LE(crc32(file.subarray(MAGIC.length + 4)), MAGIC.length);
  return file;
}
