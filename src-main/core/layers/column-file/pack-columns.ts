import { crc32 } from 'node:zlib';
import { aligned, type Column, HEAD_BYTES, MAGIC_BYTES } from './format.ts';

/** One file: the name of its format (eight letters), facts as JSON, and columns as they are in memory. */
export function packColumns(
  magic: string,
  facts: object,
  columns: Readonly<Record<string, Column>>,
): Buffer<ArrayBuffer> {
  const placed: Record<string, readonly [start: number, bytes: number]> = {};
  let length = 0;
  const parts = Object.entries(columns).map(([name, column]) => {
    const bytes = Buffer.from(column.buffer, column.byteOffset, column.byteLength);
    placed[name] = [length, bytes.length];
    const part = { start: length, bytes };
    length += aligned(bytes.length);
    return part;
  });
  const json = Buffer.from(JSON.stringify({ facts, columns: placed }));
  const begin = aligned(HEAD_BYTES + json.length);
  const file = Buffer.alloc(begin + length);
  file.write(magic, 0, MAGIC_BYTES, 'latin1');
  file.writeUInt32LE(json.length, MAGIC_BYTES + 4);
  json.copy(file, HEAD_BYTES);
  for (const part of parts) part.bytes.copy(file, begin + part.start);
  file.writeUInt32LE(crc32(file.subarray(MAGIC_BYTES + 4)), MAGIC_BYTES);
  return file;
}
