import type { LayerIndex } from '../layer-entry.ts';
import type { LayerStack } from './layer-stack.ts';
import { createSlices, type Slices } from '../../slices.ts';
import { StackBuilder } from './stack-builder.ts';

const STEPS = 512;

export type StackOptions = {
  readonly signal?: AbortSignal | undefined;
  /** Told now and then how many entries have been stacked. */
  readonly onProgress?: (entryCount: number) => void;
};

/**
 * Stacks the layers of an image, lowest first; undefined stands for one that was not read. In slices, so that nothing
 * else has to wait for more than a few milliseconds. What a layer deletes is deleted of lower layers only, wherever in
 * the layer its markers are. Spec: OCI image 1.1, layer.md, "Applying Changesets" and "Whiteouts".
 * @throws {FilesError} `too-many-entries` above 2,000,000
 */
export async function stackLayers(
  layers: ReadonlyArray<LayerIndex | undefined>,
  { signal, onProgress }: StackOptions = {},
): Promise<LayerStack> {
  const builder = new StackBuilder();
  const slices = createSlices(signal);
  for (const [layer, index] of layers.entries()) {
    if (index !== undefined) await addLayer(builder, index, { layer, slices, onProgress });
  }
  return builder.finish(layers);
}

type Context = {
  readonly layer: number;
  readonly slices: Slices;
  readonly onProgress: ((entryCount: number) => void) | undefined;
};

async function addLayer(builder: StackBuilder, index: LayerIndex, { layer, slices, onProgress }: Context) {
  let steps = 0;
  const pause = async (): Promise<void> => {
    steps += 1;
    if (steps % STEPS !== 0 || !slices.due()) return;
    onProgress?.(builder.entryCount);
    await slices.next();
  };
  for await (const entry of index.entries()) {
    if (entry.type === 'whiteout' || entry.type === 'opaque') builder.addMarker(entry, layer, index);
    await pause();
  }
  builder.applyMarkers(layer);
  for await (const entry of index.entries()) {
    if (entry.type !== 'whiteout' && entry.type !== 'opaque') builder.addEntry(entry, layer);
    await pause();
  }
  builder.endLayer(layer);
}
