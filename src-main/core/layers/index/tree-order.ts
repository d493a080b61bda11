import type { ByteTable } from './byte-table.ts';
import { FLAG } from './columns.ts';
import type { NodeColumns } from './columns.ts';
import { NO_ENTRY, type NodeTable, ROOT } from './node-table.ts';

type Sizes = { readonly kinds: Uint32Array; readonly sizes: Float64Array };

/** Orders the children of every folder, and adds up what lies below it. */
export function orderTree(nodes: NodeTable, names: ByteTable, entries: Sizes): NodeColumns {
  const parents = nodes.parents.take();
  const nameIds = nodes.names.take();
  const lastEntries = nodes.entries.take();
  const { childStarts, children } = groupChildren(parents);
  orderChildren(childStarts, children, (a, b) => names.compare(nameIds[a] ?? 0, nameIds[b] ?? 0));
  const files = fileNodes(lastEntries, entries);
  const sizeOf = (node: number) => entries.sizes[lastEntries[node] ?? 0] ?? 0;
  return {
    parents,
    names: nameIds,
    entries: lastEntries,
    childStarts,
    children,
    ...addUp(parents, files, sizeOf),
  };
}

type Compare = (a: number, b: number) => number;

/** Each group by itself; programs mostly write them in order. */
function orderChildren(childStarts: Uint32Array, children: Uint32Array, compare: Compare): void {
  for (let node = 0; node + 1 < childStarts.length; node += 1) {
    const start = childStarts[node] ?? 0;
    const end = childStarts[node + 1] ?? 0;
    let sorted = start + 1;
    while (sorted < end && compare(children[sorted - 1] ?? 0, children[sorted] ?? 0) < 0) sorted += 1;
    if (sorted < end) children.subarray(start, end).sort(compare);
  }
}

/** A counting sort by parent. */
function groupChildren(parents: Uint32Array): Pick<NodeColumns, 'childStarts' | 'children'> {
  const childStarts = new Uint32Array(parents.length + 1);
  for (let node = 1; node < parents.length; node += 1) add(childStarts, (parents[node] ?? 0) + 1, 1);
  for (let node = 0; node < parents.length; node += 1) add(childStarts, node + 1, childStarts[node] ?? 0);
  const next = childStarts.slice();
  const children = new Uint32Array(Math.max(0, parents.length - 1));
  for (let node = 1; node < parents.length; node += 1) {
    const parent = parents[node] ?? 0;
    children[next[parent] ?? 0] = node;
    add(next, parent, 1);
  }
  return { childStarts, children };
}

function add(column: Uint32Array | Float64Array, index: number, value: number): void {
  column[index] = (column[index] ?? 0) + value;
}

/** Nodes whose last entry is a file; its type is 0. */
function fileNodes(lastEntries: Uint32Array, { kinds }: Sizes): Uint32Array {
  const nodes = new Uint32Array(lastEntries.length);
  let count = 0;
  for (let node = 0; node < lastEntries.length; node += 1) {
    const entry = lastEntries[node] ?? NO_ENTRY;
    if (entry === NO_ENTRY || (kinds[entry] ?? 0) >= FILE_BELOW) continue;
    nodes[count] = node;
    count += 1;
  }
  return nodes.slice(0, count);
}

/** Kinds of files are their mode and flags alone. */
const FILE_BELOW = FLAG.hasExtra * 2;

/** A child always comes after its parent, so one walk from the last node to the first is enough. */
function addUp(
  parents: Uint32Array,
  files: Uint32Array,
  sizeOf: (node: number) => number,
): Pick<NodeColumns, 'totalBytes' | 'fileCounts'> {
  const totalBytes = new Float64Array(parents.length);
  const fileCounts = new Uint32Array(parents.length);
  for (const node of files) {
    add(totalBytes, node, sizeOf(node));
    add(fileCounts, node, 1);
  }
  for (let node = parents.length - 1; node > ROOT; node -= 1) {
    const parent = parents[node] ?? ROOT;
    add(totalBytes, parent, totalBytes[node] ?? 0);
    add(fileCounts, parent, fileCounts[node] ?? 0);
  }
  return { totalBytes, fileCounts };
}
