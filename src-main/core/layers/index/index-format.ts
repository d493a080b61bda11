import type { LayerIndex } from '../layer-entry.ts';

/** What stands beside the columns. */
export type IndexFacts = Pick<
  LayerIndex,
  'digest' | 'origin' | 'completeness' | 'remarks' | 'entryCount' | 'tarBytes' | 'diffId'
>;

/** Raised with every change of the columns, of what they mean, or of how a tar is read. */
export const INDEX_MAGIC = 'GANTRYL1';
