import { crc32 } from 'node:zlib';
import { DamagedFileError } from './damaged-file-error.ts';
import { aligned, type Column, HEAD_BYTES, MAGIC_BYTES, type Unpacked } from './format.ts';

/**
 * A file of columns that nobody put together: its begin, and the columns where they are. Between threads nothing of it
 * is copied, and the memory of a large index is taken once.
 */
export type LooseColumns = {
  readonly head: Uint8Array;
  readonly facts: object;
  readonly columns: Readonly<Record<string, Column>>;
};

/** `magic`: the name of its format (eight letters). The facts go in as JSON. */
export function looseColumns(magic: string, facts: object, columns: Readonly<Record<string, Column>>): LooseColumns {
  const placed: Record<string, readonly [start: number, bytes: number]> = {};
  let length = 0;
  for (const [name, { byteLength }] of Object.entries(columns)) {
    placed[name] = [length, byteLength];
    length += aligned(byteLength);
  }
  const json = Buffer.from(JSON.stringify({ facts, columns: placed }));
  const head = Buffer.alloc(aligned(HEAD_BYTES + json.length));
  head.write(magic, 0, MAGIC_BYTES, 'latin1');
  head.writeUInt32LE(json.length, MAGIC_BYTES + 4);
  json.copy(head, HEAD_BYTES);
  let sum = crc32(head.subarray(MAGIC_BYTES + 4));
  for (const part of columnParts(columns)) sum = crc32(part, sum);
  head.writeUInt32LE(sum, MAGIC_BYTES);
  return { head, facts, columns };
}

/** What stands in the file, one after the other. */
export function partsOf({ head, columns }: LooseColumns): readonly Uint8Array[] {
  return [head, ...columnParts(columns)];
}

/** For whoever sends it to another thread, and needs it no more. */
export function buffersOf({ columns }: LooseColumns): readonly ArrayBuffer[] {
  const buffers = Object.values(columns).map(({ buffer }) => buffer);
  return [...new Set(buffers.filter((buffer) => buffer instanceof ArrayBuffer))];
}

/** As `unpackColumns` gives a file. The accessors throw {@link DamagedFileError} for a column that is not there. */
export function openLoose({ facts, columns }: LooseColumns): Unpacked {
  const missing = (name: string) => new DamagedFileError(`no column ${name}`);
  return {
    facts,
    u8: (name) => {
      const column = columns[name];
      if (!(column instanceof Uint8Array)) throw missing(name);
      return column;
    },
    u32: (name) => {
      const column = columns[name];
      if (!(column instanceof Uint32Array)) throw missing(name);
      return column;
    },
    f64: (name) => {
      const column = columns[name];
      if (!(column instanceof Float64Array)) throw missing(name);
      return column;
    },
  };
}

function columnParts(columns: Readonly<Record<string, Column>>): readonly Uint8Array[] {
  return Object.values(columns)
    .flatMap((column) => {
      const { buffer, byteOffset, byteLength } = column;
      return [new Uint8Array(buffer, byteOffset, byteLength), PADDING.subarray(0, aligned(byteLength) - byteLength)];
    })
    .filter((part) => part.length > 0);
}

const PADDING = new Uint8Array(8);
