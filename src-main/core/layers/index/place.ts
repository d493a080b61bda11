import { type ByteTable, hashBytes } from './byte-table.ts';
import { type NodeTable, ROOT } from './node-table.ts';

const SLASH = 0x2f;
const BACKSLASH = 0x5c;
const DOT = 0x2e;
const COLON = 0x3a;

/** Where a path leads in the tree, and whether saving it by its name would be dangerous (T05). */
export type Place = { readonly node: number; readonly isEscaping: boolean };

type KnownFolder = { readonly path: Uint8Array; readonly place: Place };

const NO_FOLDER: Place = { node: ROOT, isEscaping: false };
const NOTHING = new Uint8Array(0);
const KNOWN_FOLDERS = 64;
const SLOT_BYTES = 12;

/** Puts paths into the tree: empty segments and `.` mean nothing, `..` stays as it is written. */
export class PathPlacer {
  readonly #names: ByteTable;
  readonly #nodes: NodeTable;
  /** Folders that were placed last, each at the slot of its hash. */
  readonly #folders: KnownFolder[] = Array.from({ length: KNOWN_FOLDERS }, () => ({ path: NOTHING, place: NO_FOLDER }));

  constructor(names: ByteTable, nodes: NodeTable) {
    this.#names = names;
    this.#nodes = nodes;
  }

  place(path: Uint8Array): Place {
    const end = endWithoutSlashes(path);
    if (end === 0) return { node: ROOT, isEscaping: path.length > 0 };
    let slash = end - 1;
    while (slash >= 0 && path[slash] !== SLASH) slash -= 1;
    const folder = slash === -1 ? NO_FOLDER : this.#placeFolder(path, slash + 1);
    const node = this.#step(folder.node, path, slash + 1, end);
    return { node, isEscaping: folder.isEscaping || isDangerous(path, slash + 1, end) };
  }

  /** An entry mostly lies where one shortly before it does. `path` up to `length`, its last slash included. */
  #placeFolder(path: Uint8Array, length: number): Place {
    // The end of a path tells folders near to one another apart; what falls together only costs the short way.
    const slot = hashBytes(path, Math.max(0, length - SLOT_BYTES), length) % KNOWN_FOLDERS;
    const known = this.#folders[slot];
    if (known !== undefined && isBegin(known.path, path, length)) return known.place;
    let node = ROOT;
    let isEscaping = path[0] === SLASH;
    for (let start = 0; start < length;) {
      const end = path.indexOf(SLASH, start);
      isEscaping ||= isDangerous(path, start, end);
      node = this.#step(node, path, start, end);
      start = end + 1;
    }
    const place = { node, isEscaping };
    this.#folders[slot] = { path: Uint8Array.from(path.subarray(0, length)), place };
    return place;
  }

  #step(node: number, path: Uint8Array, start: number, end: number): number {
    const meansNothing = end === start || (end === start + 1 && path[start] === DOT);
    return meansNothing ? node : this.#nodes.child(node, this.#names.intern(path, start, end));
  }
}

function isBegin(begin: Uint8Array, path: Uint8Array, length: number): boolean {
  if (begin.length !== length) return false;
  for (let at = 0; at < length; at += 1) {
    if (begin[at] !== path[at]) return false;
  }
  return true;
}

function endWithoutSlashes(path: Uint8Array): number {
  let end = path.length;
  while (end > 0 && path[end - 1] === SLASH) end -= 1;
  return end;
}

/** `..`, also between backslashes, or a drive: some system would leave the folder with it. */
function isDangerous(path: Uint8Array, start: number, end: number): boolean {
  const isDrive = start === 0 && end > 1 && path[1] === COLON && isLetter(path[0] ?? 0);
  return isDrive || path[start] === BACKSLASH || hasParent(path, start, end);
}

function hasParent(path: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at + 1 < end; at += 1) {
    const isParent = path[at] === DOT && path[at + 1] === DOT;
    if (!isParent) continue;
    const begins = at === start || path[at - 1] === BACKSLASH;
    const ends = at + 2 === end || path[at + 2] === BACKSLASH;
    if (begins && ends) return true;
  }
  return false;
}

function isLetter(byte: number): boolean {
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}
