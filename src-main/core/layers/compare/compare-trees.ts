import { intColumn } from '../overlay/columns.ts';
import { type ComparedEntry, comparedEntry, compareEntries, type EntryDifference } from '../overlay/difference.ts';
import type { LayerStack } from '../overlay/layer-stack.ts';
import { NONE, PathTree, ROOT } from '../overlay/path-tree.ts';
import { createSlices, type Slices } from '../../slices.ts';
import { IMPLIED, type View } from '../overlay/view.ts';

/**
 * How one path differs from left to right. `changed`: other content, type or link target; `metadata`: only that;
 * `same-size-and-time` and `unknown`: files of equal size whose bytes have not been compared.
 */
export type FileDifference = 'added' | 'removed' | 'changed' | 'metadata' | 'unknown' | 'same-size-and-time' | 'same';

const DIFFERENCES = [
  'added',
  'removed',
  'changed',
  'metadata',
  'unknown',
  'same-size-and-time',
  'same',
] as const satisfies readonly FileDifference[];

/** What is known of the bytes of two files. */
export type ContentKnowledge = 'same' | 'same-size-and-time' | 'different' | 'unknown';

/** A set of differences as bits. */
export function maskOf(differences: readonly FileDifference[]): number {
  return differences.reduce((mask, difference) => mask | (1 << DIFFERENCES.indexOf(difference)), 0);
}

/** Two merged file systems, path by path: one tree of every path that either has. */
export type TreeComparison = {
  readonly tree: PathTree;
  readonly left: LayerStack;
  readonly right: LayerStack;
  /** The entry of a side: `NONE`, or `IMPLIED` for a directory without one. */
  readonly leftOf: (node: number) => number;
  readonly rightOf: (node: number) => number;
  readonly differenceAt: (node: number) => FileDifference;
  /** Of the node itself and everything below it, directories themselves not counted. */
  readonly countBelow: (node: number, difference: FileDifference) => number;
  readonly sizeDeltaBelow: (node: number) => number;
  /** Bits of what the node and everything below it are. */
  readonly maskBelow: (node: number) => number;
  readonly detailsOf: (node: number) => {
    readonly content?: ContentKnowledge;
    readonly metadata: EntryDifference['metadata'];
  };
};

export type CompareOptions = {
  /** Whether another modified time alone is a difference: builds that ran again differ in nothing else. */
  readonly modifiedTimes: boolean;
  readonly onProgress?: ((progress: CompareProgress) => void) | undefined;
};

/** Steps of the comparison; each path is one or a few. */
export type CompareProgress = { readonly doneCount: number; readonly totalCount: number };

const STEPS_TOLD = 1024;

/** Compares two merged views; in slices. */
export async function compareTrees(
  left: View,
  right: View,
  { modifiedTimes, onProgress }: CompareOptions,
  signal?: AbortSignal,
): Promise<TreeComparison> {
  const slices = createSlices(signal);
  const comparer = new TreeComparer(left, right, modifiedTimes);
  // Each entry is gone over twice: once to be put into the common tree, once to be compared.
  const sides = left.stack.tree.size + right.stack.tree.size;
  const telling = (before: number): Slices => ({
    ...slices,
    each: (count, step) =>
      slices.each(count, (index) => {
        step(index);
        if (index % STEPS_TOLD === 0) onProgress?.({ doneCount: before + index, totalCount: 2 * sides });
      }),
  });
  await comparer.addSide('left', telling(0));
  await comparer.addSide('right', telling(left.stack.tree.size));
  // Paths of both sides are compared once.
  await comparer.sumUp(telling(2 * sides - comparer.size));
  return comparer.result();
}

class TreeComparer {
  readonly #views: { readonly left: View; readonly right: View };
  readonly #modifiedTimes: boolean;
  readonly #tree = new PathTree();
  readonly #entries = { left: intColumn(1), right: intColumn(1) };
  #differences = new Uint8Array(0);
  #masks = new Uint8Array(0);
  #counts: readonly Int32Array<ArrayBuffer>[] = [];
  #deltas = new Float64Array(0);

  constructor(left: View, right: View, modifiedTimes: boolean) {
    this.#views = { left, right };
    this.#modifiedTimes = modifiedTimes;
    this.#entries.left.set(ROOT, NONE);
    this.#entries.right.set(ROOT, NONE);
  }

  /** Puts what a view shows into the common tree. */
  async addSide(side: 'left' | 'right', slices: Slices): Promise<void> {
    const view = this.#views[side];
    const own = view.stack.tree;
    const places = new Int32Array(own.size);
    await slices.each(own.size, (node) => {
      const shown = view.entryOf(node);
      if (shown === NONE) return;
      const place = node === ROOT ? ROOT : this.#child(places[own.parentOf(node)] ?? ROOT, own.nameOf(node));
      places[node] = place;
      this.#entries[side].set(place, shown);
    });
  }

  #child(parent: number, name: string): number {
    const node = this.#tree.ensureChild(parent, name);
    for (const column of [this.#entries.left, this.#entries.right]) {
      while (column.length < this.#tree.size) column.push(NONE);
    }
    return node;
  }

  get size(): number {
    return this.#tree.size;
  }

  async sumUp(slices: Slices): Promise<void> {
    const { size } = this.#tree;
    this.#differences = new Uint8Array(size);
    this.#masks = new Uint8Array(size);
    this.#counts = DIFFERENCES.map(() => new Int32Array(size));
    this.#deltas = new Float64Array(size);
    await slices.each(size, (index) => {
      // Children have larger numbers than their parents, so each is whole when it is added to its parent.
      const node = size - 1 - index;
      this.#judge(node);
      if (node !== ROOT) this.#addTo(this.#tree.parentOf(node), node);
    });
  }

  #judge(node: number): void {
    const difference = this.#differenceAt(node);
    const code = DIFFERENCES.indexOf(difference);
    this.#differences[node] = code;
    this.#masks[node] = (this.#masks[node] ?? 0) | (1 << code);
    if (this.#isDirectory(node)) return;
    const counts = this.#counts[code];
    if (counts !== undefined) counts[node] = (counts[node] ?? 0) + 1;
    const sizeOf = (side: 'left' | 'right'): number => this.#sideOf(side, node)?.sizeBytes ?? 0;
    this.#deltas[node] = (this.#deltas[node] ?? 0) + sizeOf('right') - sizeOf('left');
  }

  #addTo(parent: number, node: number): void {
    this.#masks[parent] = (this.#masks[parent] ?? 0) | (this.#masks[node] ?? 0);
    this.#deltas[parent] = (this.#deltas[parent] ?? 0) + (this.#deltas[node] ?? 0);
    for (const counts of this.#counts) counts[parent] = (counts[parent] ?? 0) + (counts[node] ?? 0);
  }

  /** A directory on every side that has it. */
  #isDirectory(node: number): boolean {
    return (['left', 'right'] as const).every(
      (side) => (this.#sideOf(side, node)?.type ?? 'directory') === 'directory',
    );
  }

  /** Undefined where the side has nothing; a directory without an entry is like any that has one. */
  #sideOf(side: 'left' | 'right', node: number): ComparedEntry | undefined {
    const id = this.#entries[side].at(node);
    if (id === NONE) return undefined;
    return id === IMPLIED ? IMPLIED_ENTRY : comparedEntry(this.#views[side].stack.entries, id);
  }

  #differenceAt(node: number): FileDifference {
    const left = this.#entries.left.at(node);
    const right = this.#entries.right.at(node);
    if (left === NONE || right === NONE) return left === NONE ? 'added' : 'removed';
    const { content, metadata } = this.#detailsOf(node);
    const isOther = metadata.includes('type') || metadata.includes('link') || content === 'different';
    if (isOther) return 'changed';
    if (content === 'unknown' || content === 'same-size-and-time') return content;
    const counts = metadata.some((field) => field !== 'modified' || this.#modifiedTimes);
    return counts && !this.#isImplied(node) ? 'metadata' : 'same';
  }

  /** Nothing is known of a directory that one side has no entry for. */
  #isImplied(node: number): boolean {
    return (['left', 'right'] as const).some((side) => {
      const id = this.#entries[side].at(node);
      return id === IMPLIED || (id !== NONE && this.#views[side].stack.entries.hasFlag(id, 'implied'));
    });
  }

  #detailsOf(node: number): { readonly content?: ContentKnowledge; readonly metadata: EntryDifference['metadata'] } {
    const left = this.#sideOf('left', node);
    const right = this.#sideOf('right', node);
    if (left === undefined || right === undefined) return { metadata: [] };
    const { content, metadata } = compareEntries(left, right, this.#isSameContent(node));
    if (content === undefined) return { metadata };
    const isSameTime = content === 'unknown' && left.modifiedSeconds === right.modifiedSeconds;
    return { content: isSameTime ? 'same-size-and-time' : content, metadata };
  }

  /** Both come from the same place of the same tar. */
  #isSameContent(node: number): boolean {
    const left = contentPlace(this.#views.left.stack, this.#entries.left.at(node));
    const right = contentPlace(this.#views.right.stack, this.#entries.right.at(node));
    return left !== undefined && right !== undefined && left.order === right.order && isSameTar(left, right);
  }

  result(): TreeComparison {
    const codeOf = (difference: FileDifference): number => DIFFERENCES.indexOf(difference);
    return {
      tree: this.#tree,
      left: this.#views.left.stack,
      right: this.#views.right.stack,
      leftOf: (node) => this.#entries.left.at(node),
      rightOf: (node) => this.#entries.right.at(node),
      differenceAt: (node) => DIFFERENCES[this.#differences[node] ?? 0] ?? 'same',
      countBelow: (node, difference) => this.#counts[codeOf(difference)]?.[node] ?? 0,
      sizeDeltaBelow: (node) => this.#deltas[node] ?? 0,
      maskBelow: (node) => this.#masks[node] ?? 0,
      detailsOf: (node) => this.#detailsOf(node),
    };
  }
}

const IMPLIED_ENTRY: ComparedEntry = {
  type: 'directory',
  sizeBytes: 0,
  mode: 0o755,
  uid: 0,
  gid: 0,
  modifiedSeconds: 0,
  points: undefined,
};

type Place = { readonly order: number; readonly digest: string; readonly diffId: string | undefined };

function contentPlace({ entries, layers }: LayerStack, id: number): Place | undefined {
  const content = id < 0 ? NONE : entries.contentOf(id);
  const index = content === NONE ? undefined : layers[entries.layerOf(content)];
  if (index === undefined) return undefined;
  return { order: entries.orderOf(content), digest: index.digest, diffId: index.diffId };
}

function isSameTar(left: Place, right: Place): boolean {
  return left.digest === right.digest || (left.diffId !== undefined && left.diffId === right.diffId);
}
