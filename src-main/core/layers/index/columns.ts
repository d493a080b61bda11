import type { EntryType } from '../layer-entry.ts';

/** What the type column of an index holds: positions in this list, so it only ever grows at its end. */
export const ENTRY_TYPES: readonly EntryType[] = [
  'file',
  'directory',
  'symlink',
  'hardlink',
  'char-device',
  'block-device',
  'fifo',
  'whiteout',
  'opaque',
];

/** Bits beside the mode, above its twelve. */
export const FLAG = { escaping: 1 << 12, sparse: 1 << 13, hasOffset: 1 << 14, hasExtra: 1 << 15 } as const;

/** What few entries have, as JSON beside the columns. Bytes are spelt like names. */
export type Extra = {
  readonly xattrs?: ReadonlyArray<readonly [name: string, value: string]>;
  readonly device?: string;
  /** Of sparse files: what is stored, and where it belongs. */
  readonly storedBytes?: number;
  readonly sparseMap?: readonly number[];
};

/** The numbers of every entry, a column each; the texts are numbers of the index's string table. */
export type EntryColumns = {
  readonly nodes: Uint32Array;
  /** Type in the upper half, mode and flags in the lower. */
  readonly kinds: Uint32Array;
  readonly uids: Uint32Array;
  readonly gids: Uint32Array;
  readonly userNames: Uint32Array;
  readonly groupNames: Uint32Array;
  readonly linkTargets: Uint32Array;
  readonly sizes: Float64Array;
  readonly offsets: Float64Array;
  readonly times: Float64Array;
};

/** The tree: the children of node n are `children[childStarts[n] … childStarts[n + 1])`, ordered by the bytes of their names. */
export type NodeColumns = {
  readonly parents: Uint32Array;
  readonly names: Uint32Array;
  readonly entries: Uint32Array;
  readonly childStarts: Uint32Array;
  readonly children: Uint32Array;
  /** Of all files below, and how many they are. */
  readonly totalBytes: Float64Array;
  readonly fileCounts: Uint32Array;
};

/** Names, owners and link targets, each once. */
export type StringColumns = {
  readonly stringBytes: Uint8Array;
  readonly stringStarts: Uint32Array;
};

export type IndexColumns = EntryColumns & NodeColumns & StringColumns & { readonly extras: Uint8Array };
