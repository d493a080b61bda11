import { createGlob, isGlob } from './glob.ts';
import { inPathOrder } from './path-order.ts';
import { NONE, ROOT } from '../overlay/path-tree.ts';
import { isDirectoryIn, shownSize } from './rows.ts';
import { createSlices, type Slices } from '../../slices.ts';
import { sortInSlices } from '../overlay/sort-in-slices.ts';
import type { View } from '../overlay/view.ts';

/** Every node below a directory that the view shows and `accepts` takes, in the order of their making. */
async function collect(
  view: View,
  under: number,
  accepts: (node: number) => boolean,
  slices: Slices,
): Promise<Int32Array<ArrayBuffer>> {
  const { tree } = view.stack;
  const inside = new Uint8Array(tree.size);
  const found: number[] = [];
  inside[under] = 1;
  await slices.each(tree.size - under - 1, (index) => {
    // Parents come before their children, so each needs to look at its own parent only.
    const node = under + 1 + index;
    if (inside[tree.parentOf(node)] !== 1) return;
    inside[node] = 1;
    if (view.entryOf(node) !== NONE && accepts(node)) found.push(node);
  });
  return Int32Array.from(found);
}

/**
 * What has the query in its name, in its path when there is a slash in the query, or fits it as a glob; below `under`, in
 * the order of paths, a directory before what is in it.
 */
export async function searchFiles(
  view: View,
  { query, under = ROOT }: { readonly query: string; readonly under?: number },
  signal?: AbortSignal,
): Promise<Int32Array<ArrayBuffer>> {
  const slices = createSlices(signal);
  const nodes = await collect(view, under, acceptorOf(view, query), slices);
  return inPathOrder(view.stack.tree, under, nodes, slices);
}

function acceptorOf(view: View, query: string): (node: number) => boolean {
  const { tree } = view.stack;
  if (isGlob(query)) {
    const glob = createGlob(query);
    return (node) => glob.matches(glob.onPath ? tree.pathOf(node) : tree.nameOf(node));
  }
  const part = query.toLowerCase();
  if (part.includes('/')) return (node) => `/${tree.pathOf(node)}`.toLowerCase().includes(part);
  return (node) => tree.nameOf(node).toLowerCase().includes(part);
}

/** Files below `under`, the largest first. Of one content with several names, the first name alone. */
export async function largestFiles(view: View, under: number, signal?: AbortSignal): Promise<Int32Array<ArrayBuffer>> {
  const slices = createSlices(signal);
  const { entries } = view.stack;
  const seen = new Uint8Array(entries.size);
  const accepts = (node: number): boolean => {
    if (isDirectoryIn(view, node)) return false;
    const content = entries.contentOf(view.entryOf(node));
    if (content === NONE || entries.typeOf(content) !== 'file' || seen[content] === 1) return false;
    seen[content] = 1;
    return true;
  };
  const nodes = await collect(view, under, accepts, slices);
  await sortInSlices(nodes, (a, b) => shownSize(view, b) - shownSize(view, a) || a - b, slices);
  return nodes;
}
