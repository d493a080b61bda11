import type { HistoryEntry } from './image-config.ts';

/** A history line with the index of the layer it made; none for a line that made no layer or when nothing is mapped. */
export type HistoryLine = HistoryEntry & { readonly layerIndex?: number };

export type HistoryMap = {
  /** `missing`: no history at all; `mismatch`: its non-empty lines do not match the layers, so none is mapped. */
  readonly state: 'mapped' | 'missing' | 'mismatch';
  readonly lines: readonly HistoryLine[];
  /** For each layer the index of its line; empty unless `mapped`. */
  readonly lineOfLayer: readonly number[];
};

/**
 * Lays history lines beside the layers they made: the n-th line without `emptyLayer` made the n-th layer. When the
 * counts differ every guess would be wrong somewhere, so there is none.
 * Spec: OCI image 1.1, config.md, "history".
 */
export function mapHistory(history: readonly HistoryEntry[], layerCount: number): HistoryMap {
  if (history.length === 0) return { state: 'missing', lines: [], lineOfLayer: [] };
  const lineOfLayer = history.flatMap((entry, index) => (entry.emptyLayer ? [] : [index]));
  if (lineOfLayer.length !== layerCount) return { state: 'mismatch', lines: history, lineOfLayer: [] };
  let layerIndex = 0;
  const lines = history.map((entry): HistoryLine => {
    if (entry.emptyLayer) return entry;
    const line = Object.assign({ layerIndex }, entry);
    layerIndex += 1;
    return line;
  });
  return { state: 'mapped', lines, lineOfLayer };
}
