import type { LayerNode, StoredIndex } from '../index/stored-index.ts';
import type { OpenLayer } from '../open-layer.ts';
import type { FileReader } from './file-reader.ts';
import { checkWindow, type Rows, type Window } from '../window.ts';

/** The face of an index and of the files behind it. */
export function openedLayer(index: StoredIndex, files: FileReader): OpenLayer {
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
    readFile: (order, { signal } = {}) => files.read(order, signal),
    readFiles: (orders, { signal } = {}) => files.readInTurn(orders, signal),
    isAtHand: ({ signal } = {}) => files.isAtHand(signal),
    preview: (order, { limitBytes, signal }) => files.preview(order, limitBytes, signal),
  };
}
