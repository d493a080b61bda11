import { type HeaderFields, writeHeader } from '../../tar/write-header.ts';
import { bytesOfName, hasRawBytes } from '../index/name-text.ts';
import type { LayerStack } from '../overlay/layer-stack.ts';
import { readerPathOf } from '../browse/stat-path.ts';
import type { FlatEntry } from './flatten.ts';

const TYPE_FLAG = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  'char-device': '3',
  'block-device': '4',
  directory: '5',
  fifo: '6',
} as const satisfies Record<FlatEntry['type'], string>;

/** The most that seven octal digits hold, and eleven. */
const MAX_ID = 0o7777777;
const MAX_TIME = 0o77777777777;

/** The header of one entry of a flattened file system; only a file has bytes after it. */
export function toTarHeader(stack: LayerStack, flat: FlatEntry): Buffer {
  const { entries } = stack;
  const { entry, type } = flat;
  const path = pathOf(flat);
  const linkTo = type === 'symlink' ? (entries.linkOf(entry) ?? '') : flat.linkPath;
  const [userName = '', groupName = ''] = entries.ownerNamesOf(entry);
  const device = deviceOf(entries.deviceOf(entry));
  return writeHeader({
    path,
    typeFlag: TYPE_FLAG[type],
    sizeBytes: type === 'file' ? entries.sizeOf(entry) : 0,
    mode: entries.modeOf(entry) & 0o7777,
    userName,
    groupName,
    ...numbersOf(stack, entry),
    ...(linkTo === undefined ? {} : { linkTo }),
    ...(device === undefined ? {} : { device }),
    pax: { ...rawNames({ path, linkpath: linkTo }), ...oddNumbers(stack, entry), ...xattrs(stack, flat) },
  });
}

/** A folder ends with a slash. */
function pathOf({ path, type }: FlatEntry): string {
  if (path === '') return './';
  return type === 'directory' ? `${path}/` : path;
}

/** What ustar has room for. */
function numbersOf({ entries }: LayerStack, entry: number): Pick<HeaderFields, 'uid' | 'gid' | 'mtime'> {
  const fitting = (id: number): number => (id >= 0 && id <= MAX_ID ? id : 0);
  return {
    uid: fitting(entries.uidOf(entry)),
    gid: fitting(entries.gidOf(entry)),
    mtime: Math.min(Math.max(Math.floor(entries.modifiedOf(entry)), 0), MAX_TIME),
  };
}

function deviceOf(text: string | undefined): readonly [number, number] | undefined {
  const [major = Number.NaN, minor = Number.NaN] = (text ?? '').split(',').map(Number);
  const isDevice = [major, minor].every((part) => Number.isSafeInteger(part) && part >= 0 && part <= MAX_ID);
  return isDevice ? [major, minor] : undefined;
}

type Pax = Readonly<Record<string, string | Uint8Array>>;

/** Names whose bytes are no UTF-8 go as they are. Spec: POSIX.1-2017, pax, `hdrcharset`. */
function rawNames(names: Readonly<Record<string, string | undefined>>): Pax {
  const raw = Object.entries(names).flatMap(([key, name]) => {
    const bytes = name === undefined || !hasRawBytes(name) ? undefined : bytesOfName(name);
    return bytes === undefined ? [] : [[key, bytes] as const];
  });
  return raw.length === 0 ? {} : { hdrcharset: 'BINARY', ...Object.fromEntries(raw) };
}

/** What ustar has no room for: large ids, fractions of seconds, times before 1970. */
function oddNumbers({ entries }: LayerStack, entry: number): Pax {
  const isOddId = (id: number): boolean => id < 0 || id > MAX_ID;
  const [uid, gid, mtime] = [entries.uidOf(entry), entries.gidOf(entry), entries.modifiedOf(entry)];
  const isOddTime = !Number.isInteger(mtime) || mtime < 0 || mtime > MAX_TIME;
  return {
    ...(isOddId(uid) ? { uid: String(uid) } : {}),
    ...(isOddId(gid) ? { gid: String(gid) } : {}),
    ...(isOddTime ? { mtime: String(mtime) } : {}),
  };
}

/** They are kept nowhere but in the layer's own index. */
function xattrs(stack: LayerStack, { entry, type }: FlatEntry): Pax {
  const found =
    type === 'hardlink' ? undefined : stack.layers[stack.entries.layerOf(entry)]?.find(readerPathOf(stack, entry));
  if (found?.xattrs === undefined || found.order !== stack.entries.orderOf(entry)) return {};
  const pairs = found.xattrs.flatMap(([name, value]) => {
    const bytes = bytesOfName(value);
    return bytes === undefined ? [] : [[`SCHILY.xattr.${name}`, bytes] as const];
  });
  return Object.fromEntries(pairs);
}
