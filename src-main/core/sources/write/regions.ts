import type { Digest } from '#shared/oci/digest.ts';
import { BLOCK_BYTES } from '../../tar/header-fields.ts';
import { writeHeader } from '../../tar/write-header.ts';
import { blobPath } from '../documents.ts';
import type { PartialEvent } from './partial-log.ts';
import { newReceipt, type Receipt } from './receive-blob.ts';

/** Room set aside in a tar for one blob: its header at `start`, its content at `offset`. */
export type Region = {
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly start: number;
  readonly offset: number;
  /** Undefined until what an earlier process has left was read back. */
  receipt: Receipt | undefined;
  /** On the disk for certain. */
  markedBytes: number;
  isWhole: boolean;
};

export type Regions = {
  readonly all: readonly Region[];
  find(digest: Digest, sizeBytes: number): Region | undefined;
  setAside(digest: Digest, sizeBytes: number): Region;
  /** Where the next one would begin. */
  end(): number;
};

/** As GNU tar and Go write for reproducible archives: nobody's files, from 1970. */
export function entryHeader(path: string, typeFlag: '0' | '5', sizeBytes: number): Buffer {
  const owner = { uid: 0, gid: 0, userName: '', groupName: '', mtime: 0 };
  return writeHeader({ path, typeFlag, sizeBytes, mode: typeFlag === '5' ? 0o755 : 0o644, ...owner });
}

/** The size of a content with the zeros that fill its last block. */
export function padded(bytes: number): number {
  return Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
}

/** Regions from `start` on, one after the other; `found` are those of an earlier process. */
export function createRegions(start: number, found: readonly Region[]): Regions {
  const all = [...found];
  let end = all.reduce((last, { offset, sizeBytes }) => Math.max(last, offset + padded(sizeBytes)), start);
  return {
    all,
    find: (digest, sizeBytes) => all.find((region) => region.digest === digest && region.sizeBytes === sizeBytes),
    setAside: (digest, sizeBytes) => {
      const offset = end + headerOf(digest, sizeBytes).length;
      const common = { digest, sizeBytes, start: end, offset };
      const region: Region = { ...common, receipt: newReceipt(digest), markedBytes: 0, isWhole: false };
      all.push(region);
      end = offset + padded(sizeBytes);
      return region;
    },
    end: () => end,
  };
}

/** The header of a blob. */
export function headerOf(digest: Digest, sizeBytes: number): Buffer {
  return entryHeader(blobPath(digest), '0', sizeBytes);
}

/** A region as the log has it. */
export function eventsOf({ digest, sizeBytes, start, offset, markedBytes }: Region): readonly PartialEvent[] {
  return [
    { event: 'begin', digest, sizeBytes, start, offset },
    { event: 'mark', start, bytes: markedBytes },
  ];
}

/** The regions that a log tells of. */
export function regionsOf(events: readonly PartialEvent[]): readonly Region[] {
  const regions = new Map<number, Region>();
  for (const event of events) {
    if (event.event === 'begin') {
      const { digest, sizeBytes, start, offset } = event;
      regions.set(start, { digest, sizeBytes, start, offset, receipt: undefined, markedBytes: 0, isWhole: false });
    } else {
      const region = regions.get(event.start);
      if (region !== undefined) region.markedBytes = Math.min(event.bytes, region.sizeBytes);
    }
  }
  return [...regions.values()];
}
