import { FilesError } from '../files-error.ts';
import { nodeAt } from './follow-path.ts';
import { NONE } from '../overlay/path-tree.ts';
import { type FileRow, isDirectoryIn, shownSize, toRow } from './rows.ts';
import { createSlices, type Slices } from '../../slices.ts';
import { sortInSlices } from '../overlay/sort-in-slices.ts';
import { IMPLIED, type View } from '../overlay/view.ts';

const STEPS = 1024;

/** How a directory is put in order; names decide between equals. */
export type FileOrder = {
  readonly by: 'name' | 'size' | 'modified';
  readonly descending: boolean;
  readonly foldersFirst: boolean;
};

/** A part of a list: `limit` rows from `offset` on. */
export type Window = { readonly offset: number; readonly limit: number };

/** Rows of a list, and how many there are in all. */
export type RowWindow = { readonly rows: FileRow[]; readonly totalCount: number };

/** The rows of a window over nodes. */
export function toRows(view: View, nodes: Int32Array<ArrayBuffer>, { offset, limit }: Window): RowWindow {
  const rows = Array.from(nodes.subarray(offset, offset + limit), (node) => toRow(view, node));
  return { rows, totalCount: nodes.length };
}

/** Names in the order of their characters' codes, as `LC_ALL=C ls` has them. */
export function compareNames(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/**
 * The directory that `path` leads to, links followed.
 * @throws {FilesError} `no-such-path`, `broken-link`, `too-many-links`, `not-a-directory`
 */
export function directoryAt(view: View, path: string): number {
  const node = nodeAt(view, path, 'follow');
  if (!isDirectoryIn(view, node)) throw new FilesError('not-a-directory', path);
  return node;
}

/** What a view shows directly in a directory, in no order. */
export async function shownChildren(view: View, directory: number, slices: Slices): Promise<Int32Array<ArrayBuffer>> {
  const { tree } = view.stack;
  const nodes = new Int32Array(tree.childCountOf(directory));
  let count = 0;
  for (const node of tree.childrenOf(directory)) {
    if (view.entryOf(node) !== NONE) nodes[count++] = node;
    if (node % STEPS === 0 && slices.due()) await slices.next();
  }
  return nodes.subarray(0, count);
}

/** What a view shows directly in a directory, in order. */
export async function orderedChildren(
  view: View,
  directory: number,
  order: FileOrder,
  signal?: AbortSignal,
): Promise<Int32Array<ArrayBuffer>> {
  const slices = createSlices(signal);
  const nodes = await shownChildren(view, directory, slices);
  const keys = {
    nameOf: (node: number) => view.stack.tree.nameOf(node),
    isDirectory: (node: number) => isDirectoryIn(view, node),
    sizeOf: (node: number) => shownSize(view, node),
    modifiedOf: (node: number) => modifiedOf(view, node),
  };
  await sortInSlices(nodes, createOrder(keys, order), slices);
  return nodes;
}

/** What nodes are put in order by. */
export type OrderKeys = {
  readonly nameOf: (node: number) => string;
  readonly isDirectory: (node: number) => boolean;
  readonly sizeOf: (node: number) => number;
  readonly modifiedOf: (node: number) => number;
};

/** Compares nodes as an order says. */
export function createOrder(
  { nameOf, isDirectory, sizeOf, modifiedOf }: OrderKeys,
  { by, descending, foldersFirst }: FileOrder,
): (a: number, b: number) => number {
  const sign = descending ? -1 : 1;
  const keyOf = by === 'size' ? sizeOf : modifiedOf;
  return (a, b) => {
    const folders = foldersFirst ? Number(isDirectory(b)) - Number(isDirectory(a)) : 0;
    if (folders !== 0) return folders;
    const difference = by === 'name' ? 0 : keyOf(a) - keyOf(b);
    const byName = compareNames(nameOf(a), nameOf(b));
    return difference === 0 ? byName * (by === 'name' ? sign : 1) : difference * sign;
  };
}

function modifiedOf(view: View, node: number): number {
  const id = view.entryOf(node);
  return id === IMPLIED ? 0 : view.stack.entries.modifiedOf(view.stack.entries.inodeOf(id));
}
