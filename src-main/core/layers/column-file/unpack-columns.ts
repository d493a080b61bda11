import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { DamagedFileError } from './damaged-file-error.ts';
import { aligned, ALIGNMENT, HEAD_BYTES, MAGIC_BYTES, type Unpacked } from './format.ts';

const headSchema = z.object({
  facts: z.unknown(),
  /** Where each column is, from the end of this on. */
  columns: z.record(z.string(), z.tuple([z.number(), z.number()])),
});

/** What `packColumns` made. @throws {DamagedFileError}; so does each column that is not there */
export function unpackColumns(magic: string, file: Buffer): Unpacked {
  if (file.length < HEAD_BYTES || file.toString('latin1', 0, MAGIC_BYTES) !== magic) {
    throw new DamagedFileError('of another version');
  }
  if (crc32(file.subarray(MAGIC_BYTES + 4)) !== file.readUInt32LE(MAGIC_BYTES)) {
    throw new DamagedFileError('its checksum is wrong');
  }
  const jsonBytes = file.readUInt32LE(MAGIC_BYTES + 4);
  const { facts, columns } = readHead(file.subarray(HEAD_BYTES, HEAD_BYTES + jsonBytes));
  const begin = aligned(HEAD_BYTES + jsonBytes);
  const buffer = arrayBufferOf(file);
  const place = (name: string): readonly [start: number, bytes: number] => {
    const [start, bytes] = columns[name] ?? [-1, 0];
    if (start < 0 || begin + start + bytes > file.length) throw new DamagedFileError(`no column ${name}`);
    return [file.byteOffset + begin + start, bytes];
  };
  return {
    facts,
    u8: (name) => new Uint8Array(buffer, ...place(name)),
    u32: (name) => {
      const [start, bytes] = place(name);
      return new Uint32Array(buffer, start, bytes / 4);
    },
    f64: (name) => {
      const [start, bytes] = place(name);
      return new Float64Array(buffer, start, bytes / 8);
    },
  };
}

function readHead(json: Buffer): z.infer<typeof headSchema> {
  try {
    return headSchema.parse(JSON.parse(json.toString()));
  } catch (cause) {
    throw new DamagedFileError(cause instanceof Error ? cause.name : 'its facts are no JSON');
  }
}

/** Columns lie at multiples of eight in the file, so it has to lie at one in memory. */
function arrayBufferOf({ buffer, byteOffset }: Buffer): ArrayBuffer {
  if (!(buffer instanceof ArrayBuffer) || byteOffset % ALIGNMENT !== 0) {
    throw new DamagedFileError('it was read to an odd place');
  }
  return buffer;
}
