import type { Digest } from '#shared/oci/digest.ts';
import type { ContentSource } from '../ends.ts';
import type { DestinationKnowledge } from './destination-knowledge.ts';
import type { ManifestShelf } from './manifest-shelf.ts';
import type { ExpandedRow, PlannedRow, PlanOptions, PlanTarget } from './plan-types.ts';
import type { RowNames, TagClaims } from './row-names.ts';

/** What all rows of a plan share. */
export type RowContext = {
  readonly target: PlanTarget;
  readonly options: PlanOptions;
  readonly claims: TagClaims;
  readonly shelf: ManifestShelf;
  /** Many rows: what is there already is found by HEADs alone, since registries count GETs. */
  readonly isBulk: boolean;
  readonly openSource: (row: ExpandedRow) => Promise<ContentSource>;
  readonly openDestination: (names: RowNames) => Promise<DestinationKnowledge>;
  readonly signal: AbortSignal;
};

/** A row between its two ends. */
export type Looked = {
  readonly row: ExpandedRow;
  readonly names: RowNames;
  readonly source: ContentSource;
  readonly knowledge: DestinationKnowledge;
  /** What the tag holds now. */
  readonly existing: Digest | undefined;
};

/** What of a row is not its names. `destination` when a rename has changed it. */
export type RowResult = Omit<PlannedRow, 'rowId' | 'source' | 'destination'> & { readonly destination?: string };

/** A row of which nothing is known. */
export const NOTHING = {
  platforms: [],
  manifestCount: 0,
  referrerCount: 0,
  bytesTotal: 0,
  bytesToSend: 0,
  bytesPresent: 0,
  bytesMountable: 0,
  foreignLayerCount: 0,
} as const;
