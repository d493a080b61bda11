import type { Column } from './format.ts';
import { looseColumns, partsOf } from './loose-columns.ts';

/** One file: the name of its format (eight letters), facts as JSON, and columns as they are in memory. */
export function packColumns(
  magic: string,
  facts: object,
  columns: Readonly<Record<string, Column>>,
): Buffer<ArrayBuffer> {
  const parts = partsOf(looseColumns(magic, facts, columns));
  const file = Buffer.from(new ArrayBuffer(parts.reduce((sum, part) => sum + part.length, 0)));
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}
