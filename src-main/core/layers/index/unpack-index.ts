import { z } from 'zod';
import { DamagedFileError } from '../column-file/damaged-file-error.ts';
import type { Unpacked } from '../column-file/format.ts';
import { unpackColumns } from '../column-file/unpack-columns.ts';
import type { IndexColumns } from './columns.ts';
import { INDEX_MAGIC, type IndexFacts } from './index-format.ts';

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
  published: z
    .object({ format: z.enum(['estargz', 'zstd:chunked', 'soci']), digest: z.string(), isVouched: z.boolean() })
    .optional(),
});

export type UnpackedIndex = {
  readonly facts: IndexFacts;
  readonly columns: IndexColumns;
  /** For columns beside those of an index. */
  readonly unpacked: Unpacked;
};

/** What is in a kept file. @throws {DamagedFileError} */
export function unpackIndex(file: Buffer): UnpackedIndex {
  return readIndex(unpackColumns(INDEX_MAGIC, file));
}

/** @throws {DamagedFileError} */
export function readIndex(unpacked: Unpacked): UnpackedIndex {
  const parsed = factsSchema.safeParse(unpacked.facts);
  if (!parsed.success) throw new DamagedFileError('its facts are others');
  const { tarBytes, diffId, ...facts } = parsed.data;
  return { facts: { ...facts, tarBytes, diffId }, columns: readColumns(unpacked), unpacked };
}

function readColumns({ u8, u32, f64 }: Unpacked): IndexColumns {
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
    stringBytes: u8('stringBytes'),
    stringStarts: u32('stringStarts'),
    extras: u8('extras'),
  };
}
