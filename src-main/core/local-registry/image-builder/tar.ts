const BLOCK = 512;

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
  return Buffer.concat([...entries.flatMap(entryBlocks), Buffer.alloc(2 * BLOCK)]);
}

function entryBlocks(entry: TarEntry): Buffer[] {
  const content = Buffer.from(entry.content ?? '');
  const pax = { ...longFields(entry), ...entry.pax };
  const header = headerBlock(entry, entry.path, TYPE_FLAG[entry.type], content.byteLength);
  const body = [header, content, padding(content.byteLength)];
  if (Object.keys(pax).length === 0) return body;
  const records = Buffer.from(
    Object.entries(pax)
      .map(([key, value]) => paxRecord(key, value))
      .join(''),
  );
  const paxHeader = headerBlock(
    { ...entry, mode: 0o644 },
    `PaxHeaders/${entry.path.slice(-60)}`,
    'x',
    records.byteLength,
  );
  return [paxHeader, records, padding(records.byteLength), ...body];
}

/** What does not fit or is not ASCII goes to the pax header; the ustar field then holds a cut form. */
function longFields({ path, linkTo }: TarEntry): Record<string, string> {
  const needsPax = (text: string) => Buffer.byteLength(text) > 100 || /[^\x20-\x7e]/.test(text);
  return {
    ...(needsPax(path) && { path }),
    ...(linkTo !== undefined && needsPax(linkTo) && { linkpath: linkTo }),
  };
}

function headerBlock(entry: TarEntry, path: string, typeFlag: string, sizeBytes: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const text = (value: string, offset: number, length: number) => Buffer.from(value).copy(block, offset, 0, length);
  const octal = (value: number, offset: number, length: number) =>
    text(value.toString(8).padStart(length - 1, '0'), offset, length - 1);
  text(path, 0, 100);
  octal(entry.mode ?? (entry.type === 'directory' ? 0o755 : 0o644), 100, 8);
  octal(entry.uid ?? 0, 108, 8);
  octal(entry.gid ?? 0, 116, 8);
  octal(sizeBytes, 124, 12);
  octal(entry.mtime ?? DEFAULT_MTIME, 136, 12);
  block.fill(' ', 148, 156);
  text(typeFlag, 156, 1);
  text(entry.linkTo ?? '', 157, 100);
  text('ustar\u000000', 257, 8);
  text(entry.userName ?? 'root', 265, 31);
  text(entry.groupName ?? 'root', 297, 31);
  octal(0, 329, 8);
  octal(0, 337, 8);
  text(`${checksum(block).toString(8).padStart(6, '0')}\u0000 `, 148, 8);
  return block;
}

const checksum = (block: Buffer) => block.reduce((sum, byte) => sum + byte, 0);

const padding = (sizeBytes: number) => Buffer.alloc((BLOCK - (sizeBytes % BLOCK)) % BLOCK);

/** `<length> <key>=<value>\n`, where the length counts its own digits. */
function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const restBytes = Buffer.byteLength(rest);
  let length = restBytes + 1;
  while (String(length).length + restBytes !== length) length = String(length).length + restBytes;
  return `${length}${rest}`;
}
