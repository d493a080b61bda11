import { BLOCK_BYTES } from '../../tar/header-fields.ts';
import { padding, writeHeader } from '../../tar/write-header.ts';

/** One entry of a tar. Times, owners and modes have fixed defaults, so equal entries make equal bytes. */
export type TarEntry = {
  /** As it will stand in the archive; nothing is cleaned, so hostile paths can be made. */
  readonly path: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'hardlink' | 'fifo' | 'character-device';
  /** Files only. */
  readonly content?: Uint8Array | string;
  /** Target of a symlink or hardlink. */
  readonly linkTo?: string;
  /** Permission bits, e.g. `0o4755`. */
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly userName?: string;
  readonly groupName?: string;
  /** Seconds since the epoch. */
  readonly mtime?: number;
  /** Records of a pax header in front of the entry, e.g. `SCHILY.xattr.user.origin`. */
  readonly pax?: Readonly<Record<string, string>>;
};

const TYPE_FLAG = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  'character-device': '3',
  directory: '5',
  fifo: '6',
} as const;

/** 2026-01-05T08:00:00Z. */
export const DEFAULT_MTIME = 1_767_600_000;

/**
 * An uncompressed tar (POSIX.1-2001: ustar, with pax headers where ustar has no room), ended by two zero blocks.
 * A pure function of its entries.
 */
export function writeTar(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.flatMap(entryBlocks), Buffer.alloc(2 * BLOCK_BYTES)]);
}

function entryBlocks(entry: TarEntry): Buffer[] {
  const content = Buffer.from(entry.content ?? '');
  const header = writeHeader({
    path: entry.path,
    typeFlag: TYPE_FLAG[entry.type],
    sizeBytes: content.byteLength,
    mode: entry.mode ?? (entry.type === 'directory' ? 0o755 : 0o644),
    uid: entry.uid ?? 0,
    gid: entry.gid ?? 0,
    userName: entry.userName ?? 'root',
    groupName: entry.groupName ?? 'root',
    mtime: entry.mtime ?? DEFAULT_MTIME,
    ...(entry.linkTo === undefined ? {} : { linkTo: entry.linkTo }),
    ...(entry.pax === undefined ? {} : { pax: entry.pax }),
  });
  return [header, content, padding(content.byteLength)];
}
