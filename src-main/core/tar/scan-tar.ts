import { ArchiveError } from '../gantry-error.ts';
import { BLOCK_BYTES } from './header-fields.ts';
import { decodeName, type HeaderBlock, isZeroBlock, readHeaderBlock } from './header-block.ts';
import { type PaxOverrides, readPax } from './pax.ts';
import type { PositionReader } from './position-reader.ts';

/** Devices and pipes are refused: no archive of images has any. */
export type TarEntryType = 'file' | 'directory' | 'symlink' | 'hardlink';

/** One entry of a tar. `path` and `linkTo` are as written there: not cleaned, and not to be used as they are. */
export type TarEntry = {
  readonly path: string;
  readonly type: TarEntryType;
  readonly sizeBytes: number;
  /** Where its content begins in the file. */
  readonly offset: number;
  readonly linkTo?: string;
};

const TYPES: Readonly<Partial<Record<string, TarEntryType>>> = {
  '\0': 'file',
  '0': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '5': 'directory',
};

/** More entries than any archive of images has; they are kept in memory. */
export const MAX_TAR_ENTRIES = 100_000;
const MAX_META_BYTES = 1024 * 1024;
const MAX_PATH_LENGTH = 4096;

const NO_END = 'it ends without the two blocks that end a tar';

type Pending = { pax?: PaxOverrides; longName?: string; longLink?: string };

/**
 * Lists what is in a tar, by its headers alone. The listing is GNU tar's, or there is none.
 * @throws {ArchiveError} `not-an-archive` when it does not begin as a tar, `truncated`, `bad-entry`, `too-large`
 */
export async function scanTar(reader: PositionReader, archive: string, signal: AbortSignal): Promise<TarEntry[]> {
  const refuse = (reason: 'bad-entry' | 'truncated' | 'too-large' | 'not-an-archive', detail: string) =>
    new ArchiveError(reason, archive, detail);
  const entries: TarEntry[] = [];
  let pending: Pending = {};
  for (let position = 0; ;) {
    signal.throwIfAborted();
    const block = await reader.read(position, BLOCK_BYTES);
    if (block.length < BLOCK_BYTES) {
      throw position === 0 ? refuse('not-an-archive', 'it is too short for a tar') : refuse('truncated', NO_END);
    }
    if (isZeroBlock(block)) {
      await checkEnd(reader, position, pending, refuse);
      return entries;
    }
    const header = readHeaderBlock(block);
    if ('problem' in header) {
      const isNoTar = position === 0 && header.isForeign === true;
      throw refuse(isNoTar ? 'not-an-archive' : 'bad-entry', header.problem);
    }
    const start = position + BLOCK_BYTES;
    if (isMeta(header.typeFlag)) {
      checkFits(header.sizeBytes, start, reader, refuse);
      pending = await readMeta(reader, header, start, pending, refuse);
      position = start + padded(header.sizeBytes);
    } else {
      if (entries.length === MAX_TAR_ENTRIES) throw refuse('too-large', `more than ${MAX_TAR_ENTRIES} entries`);
      const entry = toEntry(header, pending, start, refuse);
      checkFits(entry.sizeBytes, start, reader, refuse);
      entries.push(entry);
      pending = {};
      position = start + padded(entry.sizeBytes);
    }
  }
}

type Refuse = (reason: 'bad-entry' | 'truncated' | 'too-large', detail: string) => ArchiveError;

const padded = (sizeBytes: number): number => Math.ceil(sizeBytes / BLOCK_BYTES) * BLOCK_BYTES;

/** `x` and `g` are pax headers, `L` and `K` GNU's long name and link: all about the entry that follows. */
const isMeta = (typeFlag: string): boolean => ['x', 'g', 'L', 'K'].includes(typeFlag);

/** A size beyond the end of the file is that of a file that was cut short (T04, T09). */
function checkFits(sizeBytes: number, start: number, reader: PositionReader, refuse: Refuse): void {
  if (start + padded(sizeBytes) > reader.sizeBytes) throw refuse('truncated', 'it ends in the middle of an entry');
}

async function checkEnd(reader: PositionReader, position: number, pending: Pending, refuse: Refuse): Promise<void> {
  if (Object.keys(pending).length > 0) throw refuse('truncated', 'a pax header or long name without an entry');
  const second = await reader.read(position + BLOCK_BYTES, BLOCK_BYTES);
  if (second.length < BLOCK_BYTES) throw refuse('truncated', NO_END);
  if (!isZeroBlock(second)) throw refuse('bad-entry', 'a block of zeros between entries');
}

/** What is said of the next entry. In more than one way, or twice: readers differ in what counts (T07). */
async function readMeta(
  reader: PositionReader,
  { typeFlag, sizeBytes }: HeaderBlock,
  start: number,
  pending: Pending,
  refuse: Refuse,
): Promise<Pending> {
  if (sizeBytes > MAX_META_BYTES) throw refuse('bad-entry', 'a pax header or long name of more than 1 MiB');
  const bytes = await reader.read(start, sizeBytes);
  if (typeFlag === 'L' || typeFlag === 'K') return readLongName(typeFlag, bytes, pending, refuse);
  const pax = readPax(bytes);
  if (pax === undefined) throw refuse('bad-entry', 'a pax header that can be read in two ways');
  if (Object.keys(pending).length > 0) throw refuse('bad-entry', 'two headers about one entry');
  if (typeFlag === 'x') return { pax };
  if (Object.keys(pax).length > 0) throw refuse('bad-entry', 'a global header with a name or size');
  return {};
}

function readLongName(typeFlag: 'L' | 'K', bytes: Buffer, pending: Pending, refuse: Refuse): Pending {
  const end = bytes.indexOf(0);
  const name = decodeName(end === -1 ? bytes : bytes.subarray(0, end));
  const key = typeFlag === 'L' ? 'longName' : 'longLink';
  if (name === undefined || name === '') throw refuse('bad-entry', 'a long name that is empty or not UTF-8');
  if (pending.pax !== undefined || pending[key] !== undefined) {
    throw refuse('bad-entry', 'two headers about one entry');
  }
  return { ...pending, [key]: name };
}

function toEntry(header: HeaderBlock, pending: Pending, offset: number, refuse: Refuse): TarEntry {
  const { path, linkTo } = namesOf(header, pending);
  const type = typeOf(header.typeFlag, path);
  if (type === undefined) throw refuse('bad-entry', `an entry of type ${JSON.stringify(header.typeFlag)}`);
  const isLink = type === 'symlink' || type === 'hardlink';
  if (!isName(path) || (isLink && !isName(linkTo))) {
    throw refuse('bad-entry', `a name that is empty or longer than ${MAX_PATH_LENGTH} characters`);
  }
  const sizeBytes = pending.pax?.size ?? header.sizeBytes;
  if (type !== 'file' && sizeBytes > 0) throw refuse('bad-entry', 'a link or folder with content');
  return { path, type, sizeBytes, offset, ...(isLink ? { linkTo } : {}) };
}

const isName = (text: string): boolean => text !== '' && text.length <= MAX_PATH_LENGTH;

function namesOf({ name, linkName }: HeaderBlock, { pax, longName, longLink }: Pending) {
  return { path: pax?.path ?? longName ?? name, linkTo: pax?.linkpath ?? longLink ?? linkName };
}

/** A plain file whose name ends in a slash is a folder to every reader, as it was before there was a type for that. */
function typeOf(typeFlag: string, path: string): TarEntryType | undefined {
  const type = TYPES[typeFlag];
  return type === 'file' && path.endsWith('/') ? 'directory' : type;
}
