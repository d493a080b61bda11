import { FilesError } from '../files-error.ts';
import { createMemo } from '../browse/memo.ts';
import { type FileType, shownType } from '../browse/rows.ts';
import { createOrder, type FileOrder, type Window } from '../browse/list-directory.ts';
import { inPathOrder } from '../browse/path-order.ts';
import type { MetadataField } from '../overlay/difference.ts';
import { partsOf } from '../overlay/inside-path.ts';
import type { LayerStack } from '../overlay/layer-stack.ts';
import { NONE, ROOT } from '../overlay/path-tree.ts';
import { createSlices } from '../../slices.ts';
import { sortInSlices } from '../overlay/sort-in-slices.ts';
import { IMPLIED } from '../overlay/view.ts';
import { type ContentKnowledge, type FileDifference, maskOf, type TreeComparison } from './compare-trees.ts';

const MAX_LISTS = 16;

export type ComparedSide = {
  readonly type: FileType;
  readonly sizeBytes: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly modifiedSeconds: number;
  readonly linkTarget?: string;
  readonly layer?: number;
};

/** One path on both sides. */
export type ComparedFile = {
  readonly path: string;
  readonly name: string;
  readonly difference: FileDifference;
  readonly left?: ComparedSide;
  readonly right?: ComparedSide;
  readonly content?: ContentKnowledge;
  readonly metadata: MetadataField[];
  /** Of a directory. */
  readonly below?: DifferenceCounts & { readonly sizeDelta: number };
};

export type DifferenceCounts = {
  readonly addedCount: number;
  readonly removedCount: number;
  readonly changedCount: number;
  readonly metadataCount: number;
  readonly unknownCount: number;
  readonly sameSizeAndTimeCount: number;
  readonly sameCount: number;
};

export type ComparedWindow = { readonly rows: ComparedFile[]; readonly totalCount: number };

/** What can be asked of two compared file systems. */
export type ComparedFiles = {
  readonly summary: () => DifferenceCounts & { readonly leftBytes: number; readonly rightBytes: number };
  /** What is directly in a directory of either side; a directory is there when something in it differs so. @throws {FilesError} */
  readonly list: (call: {
    readonly path: string;
    readonly differences: readonly FileDifference[];
    readonly order: FileOrder;
    readonly window: Window;
    readonly signal?: AbortSignal | undefined;
  }) => Promise<ComparedWindow>;
  /** All that differ so, directories not among them: in the order of paths, or of how much the size differs. */
  readonly files: (call: {
    readonly differences: readonly FileDifference[];
    readonly query: string;
    readonly by: 'path' | 'size';
    readonly window: Window;
    readonly signal?: AbortSignal | undefined;
  }) => Promise<ComparedWindow>;
};

/** Answers windows of a comparison, with the last few lists kept. */
export function createComparedFiles(
  comparison: TreeComparison,
  bytes: { readonly left: number; readonly right: number },
): ComparedFiles {
  const lists = createMemo<Int32Array<ArrayBuffer>>(MAX_LISTS);
  const rowsOf = (nodes: Int32Array<ArrayBuffer>, { offset, limit }: Window): ComparedWindow => ({
    rows: Array.from(nodes.subarray(offset, offset + limit), (node) => toRow(comparison, node)),
    totalCount: nodes.length,
  });
  return {
    summary: () => ({ ...countsBelow(comparison, ROOT), leftBytes: bytes.left, rightBytes: bytes.right }),
    list: async ({ path, differences, order, window, signal }) => {
      const directory = directoryAt(comparison, path);
      const mask = maskOf(differences);
      const key = JSON.stringify(['list', directory, mask, order.by, order.descending, order.foldersFirst]);
      const make = (signal: AbortSignal) => differingChildren(comparison, { directory, mask, order }, signal);
      return rowsOf(await lists.get(key, make, signal), window);
    },
    files: async ({ differences, query, by, window, signal }) => {
      const mask = maskOf(differences);
      const key = JSON.stringify(['files', mask, query, by]);
      const make = (signal: AbortSignal) => differingFiles(comparison, { mask, query, by }, signal);
      return rowsOf(await lists.get(key, make, signal), window);
    },
  };
}

function directoryAt(comparison: TreeComparison, path: string): number {
  const node = comparison.tree.find(partsOf(path));
  if (node === NONE) throw new FilesError('no-such-path', path);
  if (!isDirectory(comparison, node)) throw new FilesError('not-a-directory', path);
  return node;
}

function typeOn(stack: LayerStack, id: number): FileType | undefined {
  return id === NONE ? undefined : shownType(stack, id);
}

function isDirectory({ left, right, leftOf, rightOf }: TreeComparison, node: number): boolean {
  return typeOn(left, leftOf(node)) === 'directory' || typeOn(right, rightOf(node)) === 'directory';
}

/** A node of another kind on the two sides, or no directory on either: one that is counted itself. */
function isCounted({ left, right, leftOf, rightOf }: TreeComparison, node: number): boolean {
  return [typeOn(left, leftOf(node)), typeOn(right, rightOf(node))].some(
    (type) => type !== undefined && type !== 'directory',
  );
}

async function differingChildren(
  comparison: TreeComparison,
  { directory, mask, order }: { readonly directory: number; readonly mask: number; readonly order: FileOrder },
  signal: AbortSignal,
): Promise<Int32Array<ArrayBuffer>> {
  const { tree, maskBelow } = comparison;
  const nodes = Int32Array.from(tree.childrenOf(directory)).filter((node) => (maskBelow(node) & mask) !== 0);
  const keys = {
    nameOf: (node: number) => tree.nameOf(node),
    isDirectory: (node: number) => isDirectory(comparison, node),
    sizeOf: (node: number) => Math.abs(comparison.sizeDeltaBelow(node)),
    modifiedOf: (node: number) => modifiedOf(comparison, node),
  };
  await sortInSlices(nodes, createOrder(keys, order), createSlices(signal));
  return nodes;
}

function modifiedOf({ left, right, leftOf, rightOf }: TreeComparison, node: number): number {
  const time = ({ entries }: LayerStack, id: number): number => (id < 0 ? 0 : entries.modifiedOf(entries.inodeOf(id)));
  return Math.max(time(left, leftOf(node)), time(right, rightOf(node)));
}

async function differingFiles(
  comparison: TreeComparison,
  { mask, query, by }: { readonly mask: number; readonly query: string; readonly by: 'path' | 'size' },
  signal: AbortSignal,
): Promise<Int32Array<ArrayBuffer>> {
  const { tree, differenceAt, sizeDeltaBelow } = comparison;
  const slices = createSlices(signal);
  const part = query.toLowerCase();
  const found: number[] = [];
  await slices.each(tree.size, (node) => {
    const isWanted = (maskOf([differenceAt(node)]) & mask) !== 0 && isCounted(comparison, node);
    if (isWanted && (part === '' || tree.pathOf(node).toLowerCase().includes(part))) found.push(node);
  });
  const nodes = Int32Array.from(found);
  if (by === 'path') return inPathOrder(tree, ROOT, nodes, slices);
  await sortInSlices(nodes, (a, b) => Math.abs(sizeDeltaBelow(b)) - Math.abs(sizeDeltaBelow(a)) || a - b, slices);
  return nodes;
}

function countsBelow({ countBelow }: TreeComparison, node: number): DifferenceCounts {
  return {
    addedCount: countBelow(node, 'added'),
    removedCount: countBelow(node, 'removed'),
    changedCount: countBelow(node, 'changed'),
    metadataCount: countBelow(node, 'metadata'),
    unknownCount: countBelow(node, 'unknown'),
    sameSizeAndTimeCount: countBelow(node, 'same-size-and-time'),
    sameCount: countBelow(node, 'same'),
  };
}

function toRow(comparison: TreeComparison, node: number): ComparedFile {
  const { tree, left, right, leftOf, rightOf } = comparison;
  const { content, metadata } = comparison.detailsOf(node);
  const leftSide = toSide(left, leftOf(node));
  const rightSide = toSide(right, rightOf(node));
  return {
    path: tree.pathOf(node),
    name: tree.nameOf(node),
    difference: comparison.differenceAt(node),
    ...(leftSide === undefined ? {} : { left: leftSide }),
    ...(rightSide === undefined ? {} : { right: rightSide }),
    ...(content === undefined ? {} : { content }),
    metadata: [...metadata],
    ...(isDirectory(comparison, node)
      ? { below: { ...countsBelow(comparison, node), sizeDelta: comparison.sizeDeltaBelow(node) } }
      : {}),
  };
}

function toSide(stack: LayerStack, id: number): ComparedSide | undefined {
  if (id === NONE) return undefined;
  if (id === IMPLIED) return { type: 'directory', sizeBytes: 0, mode: 0o755, uid: 0, gid: 0, modifiedSeconds: 0 };
  const { entries } = stack;
  const inode = entries.inodeOf(id);
  const linkTarget = entries.linkOf(id);
  return {
    type: shownType(stack, id),
    sizeBytes: entries.sizeOf(id),
    mode: entries.modeOf(inode),
    uid: entries.uidOf(inode),
    gid: entries.gidOf(inode),
    modifiedSeconds: entries.modifiedOf(inode),
    ...(linkTarget === undefined ? {} : { linkTarget }),
    ...(entries.hasFlag(id, 'implied') ? {} : { layer: entries.layerOf(id) }),
  };
}
