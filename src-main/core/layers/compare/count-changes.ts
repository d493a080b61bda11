import { differenceOf, isChange } from '../overlay/difference.ts';
import { NEVER } from '../overlay/entry-table.ts';
import type { LayerStack } from '../overlay/layer-stack.ts';
import { NONE } from '../overlay/path-tree.ts';
import { createSlices, type Slices } from '../../slices.ts';

/** What one layer does to those below it. Directories that only repeat what was there are not counted. */
export type LayerChanges = {
  readonly addedCount: number;
  readonly changedCount: number;
  readonly removedCount: number;
  /** How much larger the file system is with the layer than without it, each content counted once. */
  readonly sizeDelta: number;
};

type Counts = { addedCount: number; changedCount: number; removedCount: number; sizeDelta: number };

/** What each layer adds, changes and removes, all layers in one pass. */
export async function countChanges(stack: LayerStack, signal?: AbortSignal): Promise<readonly LayerChanges[]> {
  const slices = createSlices(signal);
  const layers: Counts[] = stack.layers.map(() => ({ addedCount: 0, changedCount: 0, removedCount: 0, sizeDelta: 0 }));
  await slices.each(stack.tree.size, (node) => countNode(stack, node, layers));
  await addSizes(stack, layers, slices);
  return layers;
}

/** Walks the entries of one path that were ever seen after a layer, the newest first, and counts what came between. */
function countNode({ entries, latestOf }: LayerStack, node: number, layers: readonly Counts[]): void {
  let newer = NONE;
  for (let id = latestOf(node); id !== NONE; id = entries.previousOf(id)) {
    const hidden = entries.hiddenLayerOf(id);
    // A marker, or an entry that its own layer replaced.
    if (entries.isMarker(id) || hidden === entries.layerOf(id)) continue;
    if (newer !== NONE && entries.layerOf(newer) === hidden) {
      countReplaced(entries, { before: id, after: newer }, layers[hidden]);
    } else {
      count(layers[hidden], 'removedCount');
      if (newer !== NONE) count(layers[entries.layerOf(newer)], 'addedCount');
    }
    newer = id;
  }
  if (newer !== NONE) count(layers[entries.layerOf(newer)], 'addedCount');
}

function countReplaced(
  entries: LayerStack['entries'],
  { before, after }: { readonly before: number; readonly after: number },
  counts: Counts | undefined,
): void {
  if (isChange(differenceOf(entries, before, after), entries.isDirectory(after))) count(counts, 'changedCount');
}

function count(counts: Counts | undefined, what: 'addedCount' | 'changedCount' | 'removedCount'): void {
  if (counts !== undefined) counts[what] += 1;
}

type Span = readonly [from: number, to: number];

/** Adds to each layer the bytes that are seen from it on, and takes away those that are not seen from it on. */
async function addSizes({ entries }: LayerStack, layers: readonly Counts[], slices: Slices): Promise<void> {
  const spanOf = (id: number): Span => {
    const hidden = entries.hiddenLayerOf(id);
    return [entries.layerOf(id), hidden === NEVER ? layers.length : hidden];
  };
  const shared = new Map<number, Span[]>();
  await slices.each(entries.size, (id) => {
    const content = entries.isMarker(id) ? NONE : entries.contentOf(id);
    if (content !== NONE && content !== id) addTo(shared, content, spanOf(id));
  });
  await slices.each(entries.size, (id) => {
    if (entries.typeOf(id) !== 'file') return;
    for (const span of mergeSpans([spanOf(id), ...(shared.get(id) ?? [])])) addSpan(layers, span, entries.sizeOf(id));
  });
}

function addTo(shared: Map<number, Span[]>, content: number, span: Span): void {
  const spans = shared.get(content);
  if (spans === undefined) shared.set(content, [span]);
  else spans.push(span);
}

function addSpan(layers: readonly Counts[], [from, to]: Span, bytes: number): void {
  const first = layers[from];
  const end = layers[to];
  if (first !== undefined) first.sizeDelta += bytes;
  if (end !== undefined) end.sizeDelta -= bytes;
}

/** The spans in which at least one of these lies, in order and apart. */
function mergeSpans(spans: readonly Span[]): readonly Span[] {
  const merged: Span[] = [];
  for (const [from, to] of spans.toSorted(([a], [b]) => a - b)) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1]) merged[merged.length - 1] = [last[0], Math.max(last[1], to)];
    else merged.push([from, to]);
  }
  return merged;
}
