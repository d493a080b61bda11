import { OciError } from './oci-error.ts';
import { decodeUtf8 } from './utf8.ts';

/** Deeper JSON is refused before it is parsed: what JSON.parse still takes, structuredClone and the wire do not. */
export const MAX_JSON_DEPTH = 64;

/** An object key met while scanning: its text, how deep its object lies (1 is the root) and the root key it is under. */
export type JsonKey = {
  readonly name: string;
  readonly depth: number;
  readonly rootKey: string;
  readonly object: number;
};

export type JsonScanOptions = {
  /** Called for every key at `keyDepth` or above, in order; `object` numbers the objects, the root is 1. */
  readonly onKey?: (key: JsonKey) => void;
  /** 1, the root object alone, when absent. */
  readonly keyDepth?: number;
};

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}

/** The index of the closing quote of the string that opens at `start`, or the end of the text. */
function endOfString(text: string, start: number): number {
  let index = start + 1;
  while (index < text.length) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) return index;
    index += code === BACKSLASH ? 2 : 1;
  }
  return text.length;
}

function isFollowedByColon(text: string, end: number): boolean {
  let index = end + 1;
  while (isSpace(text.charCodeAt(index))) index += 1;
  return text.charCodeAt(index) === COLON;
}

/** The key itself, with its escapes undone: `"l\u0061yers"` is `layers` to every parser. */
function keyText(text: string, start: number, end: number): string {
  const raw = text.slice(start, end + 1);
  if (!raw.includes('\\')) return raw.slice(1, -1);
  try {
    const parsed: unknown = JSON.parse(raw);
    return typeof parsed === 'string' ? parsed : raw;
  } catch {
    throw new OciError('not-json', 'not JSON', raw);
  }
}

type ScanState = {
  /** For each bracket that is open, the number of the object it is or lies in. */
  readonly open: number[];
  objects: number;
  rootKey: string;
};

/** Tells of the string from `start` to `end` when it is a key. */
function reportKey(text: string, start: number, end: number, state: ScanState, onKey: (key: JsonKey) => void): void {
  if (!isFollowedByColon(text, end)) return;
  const name = keyText(text, start, end);
  if (state.open.length === 1) state.rootKey = name;
  onKey({ name, depth: state.open.length, rootKey: state.rootKey, object: state.open.at(-1) ?? 0 });
}

function openBracket(state: ScanState, isObject: boolean): void {
  if (state.open.length === MAX_JSON_DEPTH) {
    throw new OciError('too-deep', `JSON nested deeper than ${MAX_JSON_DEPTH}`);
  }
  if (isObject) state.objects += 1;
  state.open.push(state.objects);
}

/**
 * One pass over JSON text without recursion, in linear time: refuses nesting below {@link MAX_JSON_DEPTH} (M07) and
 * reports object keys, duplicates included, which JSON.parse would fold. Says nothing on whether the text is JSON.
 * @throws {OciError} kind `too-deep`, or `not-json` for a key with a broken escape
 */
export function scanJson(text: string, options: JsonScanOptions = {}): void {
  const { onKey, keyDepth = 1 } = options;
  const state: ScanState = { open: [], objects: 0, rootKey: '' };
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === '"') {
      const end = endOfString(text, index);
      if (onKey !== undefined && state.open.length <= keyDepth) reportKey(text, index, end, state, onKey);
      index = end;
    } else if (character === '{' || character === '[') {
      openBracket(state, character === '{');
    } else if (character === '}' || character === ']') {
      state.open.pop();
    }
  }
}

/**
 * Parses JSON from a registry: UTF-8 or nothing, no byte order mark (M17: what one reader skips another hashes or
 * refuses), at most 64 levels. The caller bounds the bytes. Objects keep an own `__proto__` key; read them by
 * `Object.entries` or by fixed names only.
 * @throws {OciError} kind `not-json`, `too-deep`
 */
export function parseJson(bytes: Uint8Array, options: JsonScanOptions = {}): unknown {
  const text = decodeUtf8(bytes);
  if (text.startsWith('\uFEFF')) throw new OciError('not-json', 'begins with a byte order mark');
  scanJson(text, options);
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    throw new OciError('not-json', 'not JSON', text);
  }
}
