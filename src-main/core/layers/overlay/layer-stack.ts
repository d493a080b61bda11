import type { LayerIndex } from '../layer-entry.ts';
import type { EntryTable } from './entry-table.ts';
import type { Unplaceable } from './inside-path.ts';
import type { PathTree } from './path-tree.ts';

/**
 * An entry that has no place in the tree: its path leaves the root, is too deep or leads through a circle of links, or it
 * is a marker that names nothing.
 */
export type UnplacedEntry = {
  readonly layer: number;
  /** As written. */
  readonly path: string;
  readonly reason: Unplaceable | 'link-loop' | 'bad-marker';
};

/**
 * The layers of an image stacked: what every one of them has at every path, what hides what, and so what is seen after
 * each. Nothing in it changes any more.
 */
export type LayerStack = {
  readonly tree: PathTree;
  readonly entries: EntryTable;
  /** Lowest first; undefined for a layer that could not be read, which then counts as empty. */
  readonly layers: ReadonlyArray<LayerIndex | undefined>;
  /** The newest entry of a node, hidden ones and markers among them, or `NONE`. */
  readonly latestOf: (node: number) => number;
  /** How many entries a node has. */
  readonly versionCountOf: (node: number) => number;
  /** Whether the layer hides all that lower layers have in the directory. */
  readonly isOpaqueIn: (node: number, layer: number) => boolean;
  /** At most 100 of them. */
  readonly unplaced: readonly UnplacedEntry[];
  readonly unplacedCountOf: (layer: number) => number;
};
