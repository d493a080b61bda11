import { createGlob, isGlob } from './glob.ts';
import { compareNames } from './list-directory.ts';
import { NONE, ROOT } from '../overlay/path-tree.ts';
import { isDirectoryIn, shownSize } from './rows.ts';
import { createSlices, type Slices } from '../overlay/slices.ts';
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
  return inPathOrder(view, under, nodes, slices);
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

/**
 * Nodes in the order of their paths, each directory before what is in it: a walk down the tree that turns only to where
 * there is one of them, so that no path is ever put together.
 */
async function inPathOrder(
  view: View,
  under: number,
  nodes: Int32Array<ArrayBuffer>,
  slices: Slices,
): Promise<Int32Array<ArrayBuffer>> {
  const { tree } = view.stack;
  const marks = new Uint8Array(tree.size);
  await slices.each(nodes.length, (index) => {
    const node = nodes[index] ?? NONE;
    for (let at = tree.parentOf(node); at > under && marks[at] === 0; at = tree.parentOf(at)) marks[at] = ON_THE_WAY;
    marks[node] = (marks[node] ?? 0) | WANTED;
  });
  const ordered = new Int32Array(nodes.length);
  let count = 0;
  const open = [under];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node !== under && ((marks[node] ?? 0) & WANTED) !== 0) ordered[count++] = node;
    const children = await markedChildren(tree, node, marks, slices);
    for (let index = children.length - 1; index >= 0; index -= 1) open.push(children[index] ?? NONE);
    if (slices.due()) await slices.next();
  }
  return ordered;
}

const WANTED = 1;
const ON_THE_WAY = 2;

async function markedChildren(
  tree: View['stack']['tree'],
  node: number,
  marks: Uint8Array<ArrayBuffer>,
  slices: Slices,
): Promise<Int32Array<ArrayBuffer>> {
  const marked: number[] = [];
  for (const child of tree.childrenOf(node)) if ((marks[child] ?? 0) !== 0) marked.push(child);
  const children = Int32Array.from(marked);
  await sortInSlices(children, (a, b) => compareNames(tree.nameOf(a), tree.nameOf(b)), slices);
  return children;
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
