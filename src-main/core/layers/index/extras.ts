import { z } from 'zod';
import type { Extra } from './columns.ts';

const NEWLINE = 0x0a;

const lineSchema = z.tuple([
  z.number(),
  z.object({
    xattrs: z.array(z.tuple([z.string(), z.string()])).optional(),
    device: z.string().optional(),
    storedBytes: z.number().optional(),
    sparseMap: z.array(z.number()).optional(),
  }),
]);

/** The line of an entry in the extras of an index, found by halves: lines are in the order of their entries. */
export function readExtra(extras: Uint8Array, order: number): Extra | undefined {
  let low = 0;
  let high = extras.length;
  while (low < high) {
    const start = lineStart(extras, (low + high) >>> 1, low);
    const end = extras.indexOf(NEWLINE, start);
    const line = numberAt(extras, start);
    if (line === order) return parseLine(extras.subarray(start, end));
    if (line < order) low = end + 1;
    else high = start;
  }
  return undefined;
}

function lineStart(extras: Uint8Array, from: number, low: number): number {
  const before = from === 0 ? -1 : extras.lastIndexOf(NEWLINE, from - 1);
  return Math.max(low, before + 1);
}

/** After the bracket: `[12,{…`. */
function numberAt(extras: Uint8Array, start: number): number {
  let value = 0;
  for (let at = start + 1; ; at += 1) {
    const digit = (extras[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return value;
    value = value * 10 + digit;
  }
}

function parseLine(line: Uint8Array): Extra {
  const [, { xattrs, device, storedBytes, sparseMap }] = lineSchema.parse(JSON.parse(Buffer.from(line).toString()));
  return {
    ...(xattrs !== undefined && { xattrs }),
    ...(device !== undefined && { device }),
    ...(storedBytes !== undefined && { storedBytes }),
    ...(sparseMap !== undefined && { sparseMap }),
  };
}
