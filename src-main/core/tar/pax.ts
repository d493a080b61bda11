import { decodeName } from './header-block.ts';

/** The records of a pax header that change how an entry is read; all others are about owners and times. */
export type PaxOverrides = { readonly path?: string; readonly linkpath?: string; readonly size?: number };

const NEWLINE = 0x0a;
const SPACE = 0x20;
const MAX_LENGTH_DIGITS = 8;
const LENGTH = /^[1-9][0-9]*$/;
const SIZE = /^(?:0|[1-9][0-9]{0,15})$/;
const OVERRIDES: ReadonlySet<string> = new Set(['path', 'linkpath', 'size']);

/**
 * Reads the records `<length> <key>=<value>\n` of a pax header in one pass. Undefined for what readers disagree on: a
 * wrong length, a key twice, a name that is empty or holds a NUL, another character set, a sparse map.
 * Spec: POSIX.1-2017, pax, "pax Extended Header".
 */
export function readPax(bytes: Buffer): PaxOverrides | undefined {
  const found = new Map<string, string>();
  for (let start = 0; start < bytes.length;) {
    const record = readRecord(bytes, start);
    if (record === undefined || isRefused(record.key)) return undefined;
    if (OVERRIDES.has(record.key)) {
      const value = decodeName(record.value);
      if (found.has(record.key) || value === undefined || value === '' || value.includes('\0')) return undefined;
      found.set(record.key, value);
    }
    start = record.end;
  }
  return toOverrides(found);
}

type PaxRecord = { readonly key: string; readonly value: Buffer; readonly end: number };

function readRecord(bytes: Buffer, start: number): PaxRecord | undefined {
  const space = bytes.subarray(start, start + MAX_LENGTH_DIGITS + 1).indexOf(SPACE);
  if (space === -1) return undefined;
  const digits = bytes.toString('latin1', start, start + space);
  const end = start + Number(digits);
  if (!LENGTH.test(digits) || end > bytes.length || bytes[end - 1] !== NEWLINE) return undefined;
  const record = bytes.subarray(start + space + 1, end - 1);
  const equals = record.indexOf('=');
  if (equals < 1) return undefined;
  return { key: record.toString('latin1', 0, equals), value: record.subarray(equals + 1), end };
}

/** A sparse file's size and place are others than its header says; another character set makes other names. */
function isRefused(key: string): boolean {
  return key.startsWith('GNU.sparse.') || key === 'hdrcharset' || key === 'charset';
}

function toOverrides(found: ReadonlyMap<string, string>): PaxOverrides | undefined {
  const [path, linkpath, size] = [found.get('path'), found.get('linkpath'), found.get('size')];
  if (size !== undefined && (!SIZE.test(size) || !Number.isSafeInteger(Number(size)))) return undefined;
  return {
    ...(path === undefined ? {} : { path }),
    ...(linkpath === undefined ? {} : { linkpath }),
    ...(size === undefined ? {} : { size: Number(size) }),
  };
}
