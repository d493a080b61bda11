import type { LayerIndex } from './layer-entry.ts';
import type { LayerNode } from './index/stored-index.ts';
import type { Rows, Window } from './window.ts';

/** An opened layer as a person walks through it. All lists are read by window. */
export type OpenLayer = LayerIndex & {
  /**
   * What lies directly in a folder (`''` is the root), by the bytes of the names; undefined when there is no such
   * path. Of several entries of one path the last is shown; whiteouts are rows of their own.
   * @throws {InvalidInputError} for a window wider than 1000 rows
   */
  list(folder: string, window: Window): Rows<LayerNode> | undefined;
  /** By a part of the name, or a pattern with `*`, `?` and `**`; with a slash in it the whole path counts. */
  search(text: string, window: Window, signal?: AbortSignal): Promise<Rows<LayerNode>>;
  /** Files, the largest first. */
  largest(window: Window): Rows<LayerNode>;
};
