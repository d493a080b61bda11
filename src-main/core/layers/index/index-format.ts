import type { LayerIndex } from '../layer-entry.ts';

/** What stands beside the columns. */
export type IndexFacts = Pick<
  LayerIndex,
  'digest' | 'origin' | 'completeness' | 'remarks' | 'entryCount' | 'tarBytes' | 'diffId'
>;

/** Raised with every change of the columns, of what they mean, or of how a tar is read. */
export const MAGIC: Buffer = Buffer.from('GANTRYL1');
/** Magic, checksum of what follows it, length of the facts. */
export const HEAD_BYTES: number = MAGIC.length + 8;

/** Columns lie at multiples of eight, so that they can be used where they are. */
export const ALIGNMENT = 8;

export function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
