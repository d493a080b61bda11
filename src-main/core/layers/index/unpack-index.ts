import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { GantryError } from '../../gantry-error.ts';
import type { IndexColumns } from './columns.ts';
import { aligned, ALIGNMENT, HEAD_BYTES, type IndexFacts, MAGIC } from './index-format.ts';

/** The file is damaged or of another version: it is to be made anew, nothing is lost (K03). */
export class DamagedIndexError extends GantryError {
  override readonly name = 'DamagedIndexError';
  readonly kind = 'damaged-index';

  constructor(why: string) {
    super(`the index of a layer is damaged: ${why}`);
  }
}

const factsSchema = z.object({
  digest: z.string(),
  origin: z.enum(['verified', 'published-index']),
  completeness: z.discriminatedUnion('isComplete', [
    z.object({ isComplete: z.literal(true) }),
    z.object({
      isComplete: z.literal(false),
      reason: z.enum([
        'truncated',
        'bad-compression',
        'not-tar',
        'bad-tar',
        'ambiguous-tar',
        'entry-limit',
        'output-limit',
        'ratio-limit',
      ]),
      detail: z.string(),
    }),
  ]),
  remarks: z.array(z.enum(['trailing-garbage', 'content-after-end', 'no-end-of-archive'])),
  entryCount: z.number(),
  tarBytes: z.number().optional(),
  diffId: z.string().optional(),
  /** Where each column is, from the end of the facts on. */
  columns: z.record(z.string(), z.tuple([z.number(), z.number()])),
});

/** @throws {DamagedIndexError} */
export function unpackIndex(file: Buffer): { readonly facts: IndexFacts; readonly columns: IndexColumns } {
  if (file.length < HEAD_BYTES || !file.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new DamagedIndexError('of another version');
  }
  if (crc32(file.subarray(MAGIC.length + 4)) !== file.readUInt32LE(MAGIC.length)) {
    throw new DamagedIndexError('its checksum is wrong');
  }
  const jsonBytes = file.readUInt32LE(MAGIC.length + 4);
  const { columns, tarBytes, diffId, ...facts } = readFacts(file.subarray(HEAD_BYTES, HEAD_BYTES + jsonBytes));
  const begin = aligned(HEAD_BYTES + jsonBytes);
  const place = (name: keyof IndexColumns): readonly [buffer: ArrayBuffer, start: number, bytes: number] => {
    const [start, bytes] = columns[name] ?? [-1, 0];
    const offset = file.byteOffset + begin + start;
    if (start < 0 || offset + bytes > file.byteOffset + file.length) throw new DamagedIndexError(`no column ${name}`);
    return [arrayBufferOf(file), offset, bytes];
  };
  return { facts: { ...facts, tarBytes, diffId }, columns: readColumns(place) };
}

type Place = (name: keyof IndexColumns) => readonly [buffer: ArrayBuffer, start: number, bytes: number];

function readColumns(place: Place): IndexColumns {
  const u32 = (name: keyof IndexColumns) => {
    const [buffer, start, bytes] = place(name);
    return new Uint32Array(buffer, start, bytes / 4);
  };
  const f64 = (name: keyof IndexColumns) => {
    const [buffer, start, bytes] = place(name);
    return new Float64Array(buffer, start, bytes / 8);
  };
  const u8 = (name: keyof IndexColumns) => new Uint8Array(...place(name));
  return {
    nodes: u32('nodes'),
    kinds: u32('kinds'),
    uids: u32('uids'),
    gids: u32('gids'),
    userNames: u32('userNames'),
    groupNames: u32('groupNames'),
    linkTargets: u32('linkTargets'),
    sizes: f64('sizes'),
    offsets: f64('offsets'),
    times: f64('times'),
    parents: u32('parents'),
    names: u32('names'),
    entries: u32('entries'),
    childStarts: u32('childStarts'),
    children: u32('children'),
    totalBytes: f64('totalBytes'),
    fileCounts: u32('fileCounts'),
    bySize: u32('bySize'),
    stringBytes: u8('stringBytes'),
    stringStarts: u32('stringStarts'),
    extras: u8('extras'),
  };
}

function readFacts(json: Buffer): z.infer<typeof factsSchema> {
  try {
    return factsSchema.parse(JSON.parse(json.toString()));
  } catch (cause) {
    throw new DamagedIndexError(cause instanceof Error ? cause.name : 'its facts are no JSON');
  }
}

/** Columns lie at multiples of eight in the file, so it has to lie at one in memory. */
function arrayBufferOf(file: Buffer): ArrayBuffer {
  const { buffer } = file;
  if (!(buffer instanceof ArrayBuffer) || file.byteOffset % ALIGNMENT !== 0) {
    throw new DamagedIndexError('it was read to an odd place');
  }
  return buffer;
}
