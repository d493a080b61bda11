import { shownChildren } from './list-directory.ts';
import { isDirectoryIn, shownSize } from './rows.ts';
import { createSlices, type Slices } from '../../slices.ts';
import { sortInSlices } from '../overlay/sort-in-slices.ts';
import type { View } from '../overlay/view.ts';

/** A rectangle of the treemap. `parent` is the position of another node of the list. */
export type TreemapNode = {
  readonly parent?: number;
  readonly path: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly fileCount: number;
  readonly kind: 'directory' | 'file' | 'rest';
  readonly layer?: number;
};

/** Of what is left to give, no directory takes more than this part for itself, so that others are opened too. */
const SHARE = 4;

/**
 * Sizes below a directory as at most `maxNodes` nodes and one more for each that is opened in part: the largest
 * directory not opened yet is opened next, its largest children shown, and what is smaller summed up as its rest.
 */
export async function buildTreemap(
  view: View,
  root: number,
  maxNodes: number,
  signal?: AbortSignal,
): Promise<TreemapNode[]> {
  const slices = createSlices(signal);
  const nodes: TreemapNode[] = [toNode(view, root, undefined)];
  const closed: { readonly node: number; readonly at: number; readonly size: number }[] = [];
  let opening: { readonly node: number; readonly at: number } | undefined = { node: root, at: 0 };
  while (opening !== undefined && nodes.length < maxNodes) {
    const { node, at } = opening;
    const left = maxNodes - nodes.length;
    const { shown, rest } = await openDirectory(
      view,
      node,
      { most: Math.max(Math.ceil(left / SHARE), 8), left },
      slices,
    );
    for (const child of shown) {
      const position = nodes.push(toNode(view, child, at)) - 1;
      if (isDirectoryIn(view, child)) insertBySize(closed, { node: child, at: position, size: shownSize(view, child) });
    }
    if (rest !== undefined) nodes.push({ ...rest, parent: at });
    opening = closed.pop();
    if (slices.due()) await slices.next();
  }
  return nodes;
}

type Budget = { readonly most: number; readonly left: number };

/** The largest children of a directory, and the sum of the others. What has no bytes has no rectangle. */
async function openDirectory(view: View, directory: number, { most, left }: Budget, slices: Slices) {
  const { tree } = view.stack;
  const children = (await shownChildren(view, directory, slices)).filter((node) => weightOf(view, node) > 0);
  await sortInSlices(children, (a, b) => weightOf(view, b) - weightOf(view, a), slices);
  const isWhole = children.length <= Math.min(most, left);
  const count = isWhole ? children.length : Math.max(Math.min(most, left) - 1, 0);
  const shown = children.subarray(0, count);
  if (isWhole) return { shown, rest: undefined };
  const others = children.subarray(count);
  const rest = {
    path: tree.pathOf(directory),
    name: '',
    sizeBytes: others.reduce((sum, node) => sum + weightOf(view, node), 0),
    fileCount: others.reduce((sum, node) => sum + view.filesBelow(node), 0),
    kind: 'rest',
  } as const;
  return { shown, rest };
}

/** Bytes that count: a second name of a content that is shown elsewhere has none. */
function weightOf(view: View, node: number): number {
  return view.sizeBelow(node);
}

function toNode(view: View, node: number, parent: number | undefined): TreemapNode {
  const { tree, entries } = view.stack;
  const isDirectory = isDirectoryIn(view, node);
  return {
    ...(parent === undefined ? {} : { parent }),
    path: tree.pathOf(node),
    name: tree.nameOf(node),
    sizeBytes: weightOf(view, node),
    fileCount: view.filesBelow(node),
    kind: isDirectory ? 'directory' : 'file',
    ...(isDirectory ? {} : { layer: entries.layerOf(entries.inodeOf(view.entryOf(node))) }),
  };
}

/** Keeps the list in the order of sizes, the largest last. */
function insertBySize<T extends { readonly size: number }>(list: T[], item: T): void {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle]?.size ?? 0) < item.size) low = middle + 1;
    else high = middle;
  }
  list.splice(low, 0, item);
}
