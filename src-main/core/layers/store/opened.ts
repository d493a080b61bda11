import { searchIndex } from '../index/search.ts';
import type { LayerNode, StoredIndex } from '../index/stored-index.ts';
import type { OpenLayer } from '../open-layer.ts';
import { checkWindow, type Rows, type Window } from '../window.ts';

/** The face of an index. */
export function openedLayer(index: StoredIndex): OpenLayer {
  const rowsOf = (nodes: Uint32Array, window: Window): Rows<LayerNode> => {
    checkWindow(window);
    const part = nodes.subarray(window.start, window.start + window.count);
    return { rows: Array.from(part, (node) => index.nodeAt(node)), totalCount: nodes.length };
  };
  const { digest, origin, completeness, remarks, entryCount, tarBytes, diffId } = index;
  return {
    digest,
    origin,
    completeness,
    remarks,
    entryCount,
    tarBytes,
    diffId,
    entries: () => index.entries(),
    find: (path) => index.find(path),
    list: (folder, window) => {
      const node = index.findNode(folder);
      return node === undefined ? undefined : rowsOf(index.childrenOf(node), window);
    },
    search: (text, window, signal) => searchIndex(index, text, window, signal),
    largest: (window) => rowsOf(index.columns.bySize, window),
  };
}
