import type { LayerIndex } from '../layer-entry.ts';

/** The table that an index was made of, and whether a manifest gave its digest. */
export type PublishedAs = {
  readonly format: 'estargz' | 'zstd:chunked' | 'soci';
  readonly digest: string;
  readonly isVouched: boolean;
};

/** What stands beside the columns. */
export type IndexFacts = Pick<
  LayerIndex,
  'digest' | 'origin' | 'completeness' | 'remarks' | 'entryCount' | 'tarBytes' | 'diffId'
> & { readonly published?: PublishedAs | undefined };

/** Raised with every change of the columns, of what they mean, or of how a tar is read. */
export const INDEX_MAGIC = 'GANTRYL2';
