import type { ByteTable } from './byte-table.ts';
import { type NodeTable, ROOT } from './node-table.ts';

const SLASH = 0x2f;
const BACKSLASH = 0x5c;
const DOT = 0x2e;
const COLON = 0x3a;

/** Where a path leads in the tree, and whether saving it by its name would be dangerous (T05). */
export type Place = { readonly node: number; readonly isEscaping: boolean };

/** Puts paths into the tree: empty segments and `.` mean nothing, `..` stays as it is written. */
export class PathPlacer {
  readonly #names: ByteTable;
  readonly #nodes: NodeTable;
  #lastFolder = Buffer.alloc(0);
  #lastPlace: Place = { node: ROOT, isEscaping: false };

  constructor(names: ByteTable, nodes: NodeTable) {
    this.#names = names;
    this.#nodes = nodes;
  }

  place(path: Uint8Array): Place {
    const end = endWithoutSlashes(path);
    if (end === 0) return { node: ROOT, isEscaping: path.length > 0 };
    const slash = path.lastIndexOf(SLASH, end - 1);
    const folder = slash === -1 ? NO_FOLDER : this.#placeFolder(path.subarray(0, slash + 1));
    const node = this.#step(folder.node, path, slash + 1, end);
    return { node, isEscaping: folder.isEscaping || isDangerous(path, slash + 1, end) };
  }

  /** An entry mostly lies where the one before it does. */
  #placeFolder(folder: Uint8Array): Place {
    if (this.#lastFolder.equals(folder)) return this.#lastPlace;
    let node = ROOT;
    let isEscaping = folder[0] === SLASH;
    for (let start = 0; start < folder.length;) {
      const end = folder.indexOf(SLASH, start);
      isEscaping ||= isDangerous(folder, start, end);
      node = this.#step(node, folder, start, end);
      start = end + 1;
    }
    this.#lastFolder = Buffer.from(folder);
    this.#lastPlace = { node, isEscaping };
    return this.#lastPlace;
  }

  #step(node: number, path: Uint8Array, start: number, end: number): number {
    const meansNothing = end === start || (end === start + 1 && path[start] === DOT);
    return meansNothing ? node : this.#nodes.child(node, this.#names.intern(path, start, end));
  }
}

const NO_FOLDER: Place = { node: ROOT, isEscaping: false };

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
  for (let at = path.indexOf(DOT, start); at !== -1 && at < end; at = path.indexOf(DOT, at + 1)) {
    const isParent = path[at + 1] === DOT && at + 1 < end;
    const begins = at === start || path[at - 1] === BACKSLASH;
    const ends = at + 2 === end || path[at + 2] === BACKSLASH;
    if (isParent && begins && ends) return true;
  }
  return false;
}

function isLetter(byte: number): boolean {
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}
