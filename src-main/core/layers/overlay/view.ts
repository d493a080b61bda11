import { type Column, floatColumn, intColumn } from './columns.ts';
import { differenceOf, isChange } from './difference.ts';
import type { LayerStack } from './layer-stack.ts';
import { NONE, ROOT } from './path-tree.ts';
import { createSlices, type Slices } from '../../slices.ts';

/** What of a stack is shown. */
export type ViewChoice =
  /** As after `upToLayer`, or the highest layer; with what was deleted before, if asked for. */
  | { readonly kind: 'merged'; readonly upToLayer?: number | undefined; readonly deleted: boolean }
  /** What one layer has, markers included. */
  | { readonly kind: 'layer'; readonly layer: number }
  /** What one layer changes of those below it. */
  | { readonly kind: 'changes'; readonly layer: number };

/** In `View.entryOf`: a directory for which there is no entry, only things below it. */
export const IMPLIED = -2;

export type ChangeCounts = {
  readonly addedCount: number;
  readonly removedCount: number;
  readonly changedCount: number;
  readonly sizeDelta: number;
};

/** A stack seen in one way: which entry is shown at each node, and the sums over everything below it. */
export type View = {
  readonly choice: ViewChoice;
  readonly stack: LayerStack;
  /** `NONE` where nothing is shown, `IMPLIED` for a directory without an entry. */
  readonly entryOf: (node: number) => number;
  /** What is below and at the node: bytes, each content once, and names of files. */
  readonly sizeBelow: (node: number) => number;
  readonly filesBelow: (node: number) => number;
  readonly childCountOf: (node: number) => number;
  /** In views of changes. */
  readonly changesBelow: (node: number) => ChangeCounts;
  readonly totals: { readonly fileCount: number; readonly directoryCount: number; readonly hiddenCount: number };
};

/** The layer that a view looks from: what is hidden above it counts as seen. */
export function topOf(stack: LayerStack, choice: ViewChoice): number {
  if (choice.kind !== 'merged') return choice.layer;
  return choice.upToLayer ?? stack.layers.length - 1;
}

/** The entry that is seen at a node after `layer`, or `NONE`. */
export function visibleAt({ entries, latestOf }: LayerStack, node: number, layer: number): number {
  for (let id = latestOf(node); id !== NONE; id = entries.previousOf(id)) {
    if (entries.isVisibleAt(id, layer)) return id;
  }
  return NONE;
}

/** What a view shows at a node by itself, before anything below it makes it a directory. */
function pickerOf(stack: LayerStack, choice: ViewChoice): (node: number) => number {
  const { entries, latestOf } = stack;
  const top = topOf(stack, choice);
  if (choice.kind === 'merged') {
    return choice.deleted ? (node) => seenOrLast(stack, node, top) : (node) => visibleAt(stack, node, top);
  }
  if (choice.kind === 'layer') return (node) => lastOfLayer(stack, node, choice.layer);
  return (node) => {
    // Most nodes are not the layer's business: their newest entry is older, and nothing of the layer hides it.
    const newest = latestOf(node);
    if (newest === NONE) return NONE;
    const before = visibleAt(stack, node, top - 1);
    const after = visibleAt(stack, node, top);
    if (before === after) return NONE;
    if (before === NONE || after === NONE) return after === NONE ? before : after;
    return isChange(differenceOf(entries, before, after), entries.isDirectory(after)) ? after : NONE;
  };
}

function seenOrLast(stack: LayerStack, node: number, top: number): number {
  const seen = visibleAt(stack, node, top);
  if (seen !== NONE) return seen;
  const { entries, latestOf } = stack;
  for (let id = latestOf(node); id !== NONE; id = entries.previousOf(id)) {
    if (!entries.isMarker(id) && entries.layerOf(id) <= top) return id;
  }
  return NONE;
}

/** What a layer itself has at a node: its last entry there, else its whiteout. */
function lastOfLayer({ entries, latestOf }: LayerStack, node: number, layer: number): number {
  let marker = NONE;
  for (let id = latestOf(node); id !== NONE && entries.layerOf(id) >= layer; id = entries.previousOf(id)) {
    if (entries.layerOf(id) > layer) continue;
    if (!entries.isMarker(id)) return id;
    if (entries.typeOf(id) === 'whiteout') marker = id;
  }
  return marker;
}

class ViewBuilder {
  readonly #stack: LayerStack;
  readonly #choice: ViewChoice;
  readonly #top: number;
  readonly #shown: Column;
  readonly #sizes: Column;
  readonly #files: Column;
  readonly #children: Column;
  readonly #counted: Uint8Array<ArrayBuffer>;
  readonly #changes: ChangeSums | undefined;
  readonly #totals = { directoryCount: 0, hiddenCount: 0 };

  constructor(stack: LayerStack, choice: ViewChoice) {
    const { size } = stack.tree;
    this.#stack = stack;
    this.#choice = choice;
    this.#top = topOf(stack, choice);
    this.#shown = intColumn(size);
    this.#sizes = floatColumn(size);
    this.#files = intColumn(size);
    this.#children = intColumn(size);
    this.#counted = new Uint8Array(stack.entries.size);
    this.#changes = choice.kind === 'changes' ? createChangeSums(size) : undefined;
  }

  async build(slices: Slices): Promise<View> {
    const pick = pickerOf(this.#stack, this.#choice);
    const links: number[] = [];
    const { size } = this.#stack.tree;
    await slices.each(size, (node) => {
      const id = pick(node);
      this.#shown.set(node, id);
      if (id !== NONE && !this.#weigh(node, id)) links.push(node);
    });
    // Hard links weigh only where the name that brought the content is not shown.
    for (const node of links) this.#weighLink(node);
    await slices.each(size, (index) => this.#sumUp(size - 1 - index));
    return this.#finish();
  }

  /** Counts a file's bytes where it stands. False for a hard link, which has to wait. */
  #weigh(node: number, id: number): boolean {
    const { entries } = this.#stack;
    const isSeen = this.#choice.kind === 'layer' || entries.isVisibleAt(id, this.#top);
    if (!isSeen) {
      this.#totals.hiddenCount += 1;
      return true;
    }
    const type = entries.typeOf(entries.inodeOf(id));
    if (type !== 'file') return true;
    this.#files.set(node, 1);
    // A layer ships no bytes with a link.
    if (entries.contentOf(id) !== id) return this.#choice.kind === 'layer';
    this.#sizes.set(node, entries.sizeOf(id));
    this.#counted[id] = 1;
    return true;
  }

  #weighLink(node: number): void {
    const { entries } = this.#stack;
    const id = this.#shown.at(node);
    const content = entries.contentOf(id);
    if (this.#counted[content] === 1) return;
    this.#counted[content] = 1;
    this.#sizes.set(node, entries.sizeOf(id));
  }

  /** Adds a node to its parent's sums; everything below it has been added to its own. */
  #sumUp(node: number): void {
    const id = this.#settle(node);
    if (id === NONE) return;
    this.#changes?.addOwn(this.#stack, node, this.#top);
    if (id === IMPLIED || this.#stack.entries.isDirectory(id)) this.#totals.directoryCount += 1;
    if (node === ROOT) return;
    const parent = this.#stack.tree.parentOf(node);
    this.#children.add(parent, 1);
    this.#sizes.add(parent, this.#sizes.at(node));
    this.#files.add(parent, this.#files.at(node));
    this.#changes?.sumUp(node, parent);
  }

  /** What is shown in the end: the root always, and a directory for what is below it. */
  #settle(node: number): number {
    const id = this.#shown.at(node);
    if (id !== NONE || (node !== ROOT && this.#children.at(node) === 0)) return id;
    const seen = this.#choice.kind === 'changes' ? visibleAt(this.#stack, node, this.#top) : NONE;
    const container = seen === NONE ? IMPLIED : seen;
    this.#shown.set(node, container);
    return container;
  }

  #finish(): View {
    const sums = this.#changes;
    return {
      choice: this.#choice,
      stack: this.#stack,
      entryOf: (node) => this.#shown.at(node),
      sizeBelow: (node) => this.#sizes.at(node),
      filesBelow: (node) => this.#files.at(node),
      childCountOf: (node) => this.#children.at(node),
      changesBelow: (node) => sums?.at(node) ?? NO_CHANGES,
      totals: { ...this.#totals, fileCount: this.#files.at(ROOT) },
    };
  }
}

const NO_CHANGES: ChangeCounts = { addedCount: 0, removedCount: 0, changedCount: 0, sizeDelta: 0 };

type ChangeSums = {
  /** Counts what happened at the node itself. */
  readonly addOwn: (stack: LayerStack, node: number, layer: number) => void;
  readonly sumUp: (node: number, parent: number) => void;
  readonly at: (node: number) => ChangeCounts;
};

function createChangeSums(size: number): ChangeSums {
  const added = intColumn(size);
  const removed = intColumn(size);
  const changed = intColumn(size);
  const delta = floatColumn(size);
  return {
    addOwn: (stack, node, layer) => {
      const change = changeAt(stack, node, layer);
      if (change === undefined) return;
      const { entries } = stack;
      const { before, after } = change;
      if (before === NONE) added.add(node, 1);
      else if (after === NONE) removed.add(node, 1);
      else if (isChange(differenceOf(entries, before, after), entries.isDirectory(after))) changed.add(node, 1);
      const size = (id: number): number => (id === NONE ? 0 : entries.sizeOf(id));
      delta.add(node, size(after) - size(before));
    },
    sumUp: (node, parent) => {
      for (const column of [added, removed, changed, delta]) column.add(parent, column.at(node));
    },
    at: (node) => ({
      addedCount: added.at(node),
      removedCount: removed.at(node),
      changedCount: changed.at(node),
      sizeDelta: delta.at(node),
    }),
  };
}

/** What was seen at a node before a layer and after it, `NONE` for nothing; undefined when it is one and the same. */
export function changeAt(
  stack: LayerStack,
  node: number,
  layer: number,
): { readonly before: number; readonly after: number } | undefined {
  const before = visibleAt(stack, node, layer - 1);
  const after = visibleAt(stack, node, layer);
  return before === after ? undefined : { before, after };
}

/** Looks at a stack in one way; in slices. */
export function buildView(stack: LayerStack, choice: ViewChoice, signal?: AbortSignal): Promise<View> {
  return new ViewBuilder(stack, choice).build(createSlices(signal));
}
