import { NONE, type PathTree } from '../overlay/path-tree.ts';
import type { Slices } from '../../slices.ts';
import { sortInSlices } from '../overlay/sort-in-slices.ts';
import { compareNames } from './list-directory.ts';

/**
 * Nodes in the order of their paths, each directory before what is in it: a walk down the tree that turns only to where
 * there is one of them, so that no path is ever put together.
 */
export async function inPathOrder(
  tree: PathTree,
  under: number,
  nodes: Int32Array<ArrayBuffer>,
  slices: Slices,
): Promise<Int32Array<ArrayBuffer>> {
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
  tree: PathTree,
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
