import type { ByteTable } from './byte-table.ts';
import { FLAG } from './columns.ts';
import type { NodeColumns } from './columns.ts';
import { NO_ENTRY, type NodeTable, ROOT } from './node-table.ts';

type Sizes = { readonly kinds: Uint32Array; readonly sizes: Float64Array };

/** Orders the children of every folder, adds up what lies below it, and orders files by size. */
export function orderTree(nodes: NodeTable, names: ByteTable, entries: Sizes): NodeColumns {
  const parents = nodes.parents.view();
  const nameIds = nodes.names.view();
  const lastEntries = nodes.entries.view();
  const { childStarts, children } = groupChildren(parents);
  // One character a byte, so that text is ordered as its bytes are.
  const texts = Array.from({ length: names.count }, (_, id) => names.get(id).toString('latin1'));
  const textOf = (node: number) => texts[nameIds[node] ?? 0] ?? '';
  for (let node = 0; node < parents.length; node += 1) {
    const group = children.subarray(childStarts[node], childStarts[node + 1]);
    if (group.length > 1) group.sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
  }
  const files = fileNodes(lastEntries, entries);
  const sizeOf = (node: number) => entries.sizes[lastEntries[node] ?? 0] ?? 0;
  return {
    parents,
    names: nameIds,
    entries: lastEntries,
    childStarts,
    children,
    ...addUp(parents, files, sizeOf),
    bySize: files.sort((a, b) => sizeOf(b) - sizeOf(a) || a - b),
  };
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
  return lastEntries
    .map((entry, node) => (entry !== NO_ENTRY && (kinds[entry] ?? 0) < FILE_BELOW ? node : NO_ENTRY))
    .filter((node) => node !== NO_ENTRY);
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
