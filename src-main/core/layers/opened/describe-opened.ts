import { topOf } from '../overlay/view.ts';
import type { UnplacedEntry } from '../overlay/layer-stack.ts';
import { createSlices } from '../../slices.ts';
import type { IncompleteReason, LayerOrigin, LayerRemark } from '../layer-entry.ts';
import type { WantedLayer } from './find-layers.ts';
import type { OpenedImage, ReadLayer } from './opened-image.ts';

/** What was found of one layer. The contract has the same shape as a schema (`src-shared/api/files.ts`). */
export type OpenedLayer = {
  readonly index: number;
  readonly digest: OpenedImage['wanted'][number]['descriptor']['digest'];
  readonly compressedBytes: number;
  readonly tarBytes?: number;
  /** What its files take in the tar. */
  readonly contentBytes: number;
  readonly entryCount: number;
  readonly origin: LayerOrigin | 'foreign';
  readonly isComplete: boolean;
  readonly incompleteReason?: IncompleteReason;
  readonly remarks: LayerRemark[];
  readonly diffId: 'match' | 'mismatch' | 'unknown';
  readonly historyIndex?: number;
  readonly createdBy?: string;
  readonly unplacedCount: number;
};

export type OpenedSummary = {
  readonly layers: OpenedLayer[];
  readonly fileCount: number;
  readonly directoryCount: number;
  readonly sizeBytes: number;
  readonly hiddenCount: number;
  readonly unplaced: UnplacedEntry[];
};

/** What was opened, in numbers. */
export async function describeOpened(opened: OpenedImage, signal?: AbortSignal): Promise<OpenedSummary> {
  const { stack, files, wanted } = opened;
  const choice = { kind: 'merged', deleted: false } as const;
  const merged = await files.viewOf(choice, signal);
  const { contentBytes, hiddenCount } = await countEntries(opened, topOf(stack, choice), signal);
  const { fileCount, directoryCount } = merged.totals;
  return {
    layers: wanted.map((want, index) =>
      toLayer(want, opened.layers[index], {
        index,
        contentBytes: contentBytes[index] ?? 0,
        unplacedCount: stack.unplacedCountOf(index),
      }),
    ),
    fileCount,
    directoryCount,
    sizeBytes: merged.sizeBelow(0),
    hiddenCount,
    unplaced: [...stack.unplaced],
  };
}

async function countEntries({ stack: { entries }, wanted }: OpenedImage, top: number, signal: AbortSignal | undefined) {
  const contentBytes = wanted.map(() => 0);
  let hiddenCount = 0;
  await createSlices(signal).each(entries.size, (id) => {
    const layer = entries.layerOf(id);
    contentBytes[layer] = (contentBytes[layer] ?? 0) + entries.storedOf(id);
    if (!entries.isMarker(id) && !entries.hasFlag(id, 'implied') && !entries.isVisibleAt(id, top)) hiddenCount += 1;
  });
  return { contentBytes, hiddenCount };
}

type Numbers = { readonly index: number; readonly contentBytes: number; readonly unplacedCount: number };

function toLayer(want: WantedLayer, layer: ReadLayer, numbers: Numbers): OpenedLayer {
  const { descriptor, diffId, historyIndex, createdBy } = want;
  return {
    ...numbers,
    ...factsOf(layer),
    digest: descriptor.digest,
    compressedBytes: descriptor.sizeBytes,
    diffId: compareDiffIds(diffId, layer?.diffId),
    ...(historyIndex === undefined ? {} : { historyIndex }),
    ...(createdBy === undefined ? {} : { createdBy }),
  };
}

type LayerFacts = Pick<
  OpenedLayer,
  'tarBytes' | 'entryCount' | 'origin' | 'isComplete' | 'incompleteReason' | 'remarks'
>;

function factsOf(layer: ReadLayer): LayerFacts {
  if (layer === undefined) return { entryCount: 0, origin: 'foreign', isComplete: false, remarks: [] };
  const { tarBytes, entryCount, origin, completeness, remarks } = layer;
  return {
    ...(tarBytes === undefined ? {} : { tarBytes }),
    entryCount,
    origin,
    isComplete: completeness.isComplete,
    ...(completeness.isComplete ? {} : { incompleteReason: completeness.reason }),
    remarks: [...remarks],
  };
}

/** SECURITY-CASES T15. Other algorithms than that of the index cannot be compared. */
function compareDiffIds(promised: string | undefined, found: string | undefined): OpenedLayer['diffId'] {
  if (promised === undefined || found === undefined || !promised.startsWith('sha256:')) return 'unknown';
  return promised === found ? 'match' : 'mismatch';
}
