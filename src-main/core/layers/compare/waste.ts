import { NEVER } from '../overlay/entry-table.ts';
import type { LayerStack } from '../overlay/layer-stack.ts';
import { NONE } from '../overlay/path-tree.ts';
import { type FileType, type HidingView, shownType, survivorAt, toEntryView } from '../browse/rows.ts';
import { createSlices, type Slices } from '../../slices.ts';
import { sortInSlices } from '../overlay/sort-in-slices.ts';

const MAX_PAIRS = 1000;

/**
 * Bytes of file content. `shipped`: what the tar holds; `surviving`: what of it the finished image still shows, each
 * content once however many hard links; `wasted`: the difference. The compressed figure is an estimate.
 */
export type LayerBytes = {
  readonly shippedBytes: number;
  readonly survivingBytes: number;
  readonly wastedBytes: number;
  readonly wastedCompressedEstimateBytes: number;
};

export type WastePair = {
  readonly shippedBy: number;
  readonly hiddenBy: number;
  readonly wastedBytes: number;
  readonly wastedCompressedEstimateBytes: number;
  readonly fileCount: number;
};

export type WasteRow = {
  readonly path: string;
  readonly type: FileType;
  readonly shippedBy: number;
  readonly hiddenBy: HidingView;
  readonly wastedBytes: number;
  readonly wastedCompressedEstimateBytes: number;
  readonly survivor?: { readonly layer?: number; readonly type: FileType; readonly sizeBytes: number };
};

/** What an image ships for nothing. */
export type Waste = {
  /** For each layer, lowest first. */
  readonly layers: readonly LayerBytes[];
  readonly total: LayerBytes;
  /** Surviving by shipped; 1 when nothing is shipped. */
  readonly efficiency: number;
  /** The largest first. */
  readonly pairs: WastePair[];
  /** Contents that nothing shows any more, by size, the largest first: entries of the stack. */
  readonly entries: Int32Array<ArrayBuffer>;
  /** What hid the last name that such a content had. */
  readonly lastNameOf: (entry: number) => number;
  readonly toRow: (entry: number) => WasteRow;
};

/**
 * What of the shipped bytes the finished image does not show: files deleted, replaced, grown or only touched by a layer
 * above. A content survives as long as one of its names does. `compressedSizes` are those of the layers' blobs.
 */
export async function findWaste(
  stack: LayerStack,
  compressedSizes: readonly number[],
  signal?: AbortSignal,
): Promise<Waste> {
  const slices = createSlices(signal);
  const lastNames = await findLastNames(stack, slices);
  const finder = new WasteFinder(stack, compressedSizes, lastNames);
  const entries = await finder.run(slices);
  await sortInSlices(entries, (a, b) => stack.entries.storedOf(b) - stack.entries.storedOf(a) || a - b, slices);
  return finder.toWaste(entries);
}

/** For each content the name that was seen the longest: its own entry, or a hard link to it. `NONE` while there is none. */
async function findLastNames({ entries }: LayerStack, slices: Slices): Promise<Int32Array<ArrayBuffer>> {
  const last = new Int32Array(entries.size).fill(NONE);
  const endOf = (id: number): number => {
    const hidden = entries.hiddenLayerOf(id);
    return hidden === NEVER ? Number.POSITIVE_INFINITY : hidden;
  };
  await slices.each(entries.size, (id) => {
    const content = entries.isMarker(id) ? NONE : entries.contentOf(id);
    if (content === NONE) return;
    const known = last[content] ?? NONE;
    if (known === NONE || endOf(id) > endOf(known)) last[content] = id;
  });
  return last;
}

type Sum = { shipped: number; surviving: number };

class WasteFinder {
  readonly #stack: LayerStack;
  readonly #compressedSizes: readonly number[];
  readonly #lastNames: Int32Array<ArrayBuffer>;
  readonly #sums: Sum[];
  readonly #pairs = new Map<string, { shippedBy: number; hiddenBy: number; wastedBytes: number; fileCount: number }>();

  constructor(stack: LayerStack, compressedSizes: readonly number[], lastNames: Int32Array<ArrayBuffer>) {
    this.#stack = stack;
    this.#compressedSizes = compressedSizes;
    this.#lastNames = lastNames;
    this.#sums = stack.layers.map(() => ({ shipped: 0, surviving: 0 }));
  }

  /** Sums up, and finds what is wasted. */
  async run(slices: Slices): Promise<Int32Array<ArrayBuffer>> {
    const { entries } = this.#stack;
    const wasted: number[] = [];
    await slices.each(entries.size, (id) => {
      if (entries.typeOf(id) === 'file' && this.#add(id)) wasted.push(id);
    });
    return Int32Array.from(wasted);
  }

  /** Counts a content; true when it is shipped for nothing. */
  #add(id: number): boolean {
    const { entries } = this.#stack;
    const stored = entries.storedOf(id);
    const sum = this.#sums[entries.layerOf(id)];
    const hiddenBy = entries.hiddenLayerOf(this.#lastNameOf(id));
    if (sum !== undefined) {
      sum.shipped += stored;
      if (hiddenBy === NEVER) sum.surviving += stored;
    }
    if (hiddenBy === NEVER || stored === 0) return false;
    this.#addPair(entries.layerOf(id), hiddenBy, stored);
    return true;
  }

  #addPair(shippedBy: number, hiddenBy: number, stored: number): void {
    const key = `${shippedBy}:${hiddenBy}`;
    const pair = this.#pairs.get(key) ?? { shippedBy, hiddenBy, wastedBytes: 0, fileCount: 0 };
    pair.wastedBytes += stored;
    pair.fileCount += 1;
    this.#pairs.set(key, pair);
  }

  #lastNameOf(id: number): number {
    const last = this.#lastNames[id] ?? NONE;
    return last === NONE ? id : last;
  }

  /** Bytes of a layer as they may be in its blob: by the ratio of the whole, since no file has one of its own. */
  #compressed(layer: number, bytes: number): number {
    const shipped = this.#sums[layer]?.shipped ?? 0;
    const tarBytes = this.#stack.layers[layer]?.tarBytes ?? shipped;
    const whole = Math.max(tarBytes, shipped);
    return whole === 0 ? 0 : Math.round((bytes * (this.#compressedSizes[layer] ?? 0)) / whole);
  }

  toWaste(wasted: Int32Array<ArrayBuffer>): Waste {
    const layers = this.#sums.map(({ shipped, surviving }, layer) => ({
      shippedBytes: shipped,
      survivingBytes: surviving,
      wastedBytes: shipped - surviving,
      wastedCompressedEstimateBytes: this.#compressed(layer, shipped - surviving),
    }));
    const total = sumUp(layers);
    return {
      layers,
      total,
      efficiency: total.shippedBytes === 0 ? 1 : total.survivingBytes / total.shippedBytes,
      pairs: this.#toPairs(),
      entries: wasted,
      lastNameOf: (entry) => this.#lastNameOf(entry),
      toRow: (entry) => this.#toRow(entry),
    };
  }

  #toPairs(): WastePair[] {
    return [...this.#pairs.values()]
      .sort((a, b) => b.wastedBytes - a.wastedBytes)
      .slice(0, MAX_PAIRS)
      .map(({ shippedBy, hiddenBy, wastedBytes, fileCount }) => ({
        shippedBy,
        hiddenBy,
        wastedBytes,
        wastedCompressedEstimateBytes: this.#compressed(shippedBy, wastedBytes),
        fileCount,
      }));
  }

  #toRow(id: number): WasteRow {
    const { entries, tree } = this.#stack;
    const hiding = entries.hidingOf(this.#lastNameOf(id));
    const node = entries.nodeOf(id);
    const survivor = survivorAt(this.#stack, node);
    const layer = entries.layerOf(id);
    return {
      path: tree.pathOf(node),
      type: shownType(this.#stack, id),
      shippedBy: layer,
      hiddenBy: {
        layer: hiding?.layer ?? layer,
        how: hiding?.how ?? 'replaced',
        path: tree.pathOf(hiding?.node ?? node),
      },
      wastedBytes: entries.storedOf(id),
      wastedCompressedEstimateBytes: this.#compressed(layer, entries.storedOf(id)),
      ...(survivor === NONE ? {} : { survivor: toSurvivor(this.#stack, survivor) }),
    };
  }
}

function toSurvivor(stack: LayerStack, id: number): NonNullable<WasteRow['survivor']> {
  const { layer, type, sizeBytes } = toEntryView(stack, id, stack.layers.length - 1);
  return { ...(layer === undefined ? {} : { layer }), type, sizeBytes };
}

function sumUp(layers: readonly LayerBytes[]): LayerBytes {
  const sum = (of: (bytes: LayerBytes) => number): number => layers.reduce((total, bytes) => total + of(bytes), 0);
  return {
    shippedBytes: sum((bytes) => bytes.shippedBytes),
    survivingBytes: sum((bytes) => bytes.survivingBytes),
    wastedBytes: sum((bytes) => bytes.wastedBytes),
    wastedCompressedEstimateBytes: sum((bytes) => bytes.wastedCompressedEstimateBytes),
  };
}
