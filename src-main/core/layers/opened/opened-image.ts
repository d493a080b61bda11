import {
  listPackages,
  type PackageList,
  type PackagesProgress,
  type PackageSources,
} from '../packages/list-packages.ts';
import { createFiles, type Files } from '../browse/create-files.ts';
import { nodeAt } from '../browse/follow-path.ts';
import { createMemo } from '../browse/memo.ts';
import { isDirectoryIn, shownSize } from '../browse/rows.ts';
import { countChanges, type LayerChanges } from '../compare/count-changes.ts';
import { findWaste, type Waste } from '../compare/waste.ts';
import { FilesError } from '../files-error.ts';
import type { FilePreview, LayerFile, OpenLayer } from '../open-layer.ts';
import type { LayerStack } from '../overlay/layer-stack.ts';
import { NONE } from '../overlay/path-tree.ts';
import { stackLayers } from '../overlay/stack-layers.ts';
import type { View, ViewChoice } from '../overlay/view.ts';
import type { WantedLayer } from './find-layers.ts';

/** Undefined for a layer whose bytes are not fetched. */
export type ReadLayer = OpenLayer | undefined;

/** A regular file of a view: where it is, and how it is read. */
export type FoundFile = {
  readonly node: number;
  readonly view: View;
  readonly entry: number;
  readonly sizeBytes: number;
};

/** The bytes of one of several entries. */
export type EntryInTurn = { readonly entry: number; readonly bytes: AsyncIterable<Buffer> };

/** An image, or one layer, that has been opened: everything that can be asked of it. */
export type OpenedImage = {
  readonly wanted: readonly WantedLayer[];
  readonly layers: readonly ReadLayer[];
  readonly stack: LayerStack;
  readonly files: Files;
  readonly waste: (signal?: AbortSignal) => Promise<Waste>;
  readonly changes: (signal?: AbortSignal) => Promise<readonly LayerChanges[]>;
  readonly packages: (signal?: AbortSignal, onProgress?: (progress: PackagesProgress) => void) => Promise<PackageList>;
  /** The file that a path leads to, links followed. @throws {FilesError} also for what is no file */
  readonly findFile: (choice: ViewChoice, path: string, signal?: AbortSignal) => Promise<FoundFile>;
  /** @throws {FilesError} `no-content`; {RegistryError} */
  readonly readFile: (entry: number, signal?: AbortSignal) => Promise<LayerFile>;
  /** Contents one after another, in the order they are named; each must be taken before the next is asked for. */
  readonly readInTurn: (entries: readonly number[], signal?: AbortSignal) => AsyncGenerator<EntryInTurn, void, void>;
  readonly preview: (entry: number, limitBytes: number, signal?: AbortSignal) => Promise<FilePreview>;
};

/** Files that are asked for at a time. */
const MAX_IN_TURN = 10_000;

const MERGED: ViewChoice = { kind: 'merged', deleted: false };

/** Stacks what was read, and answers for it. `onProgress` hears how many entries have been stacked. */
export async function openImage(
  wanted: readonly WantedLayer[],
  layers: readonly ReadLayer[],
  options: { readonly signal: AbortSignal; readonly onProgress: (entryCount: number) => void },
): Promise<OpenedImage> {
  const stack = await stackLayers(layers, options);
  const files = createFiles(stack);
  const content = contentOf(stack, layers);
  const wastes = createMemo<Waste>(1);
  const changes = createMemo<readonly LayerChanges[]>(1);
  const packages = createMemo<PackageList, PackagesProgress>(1);
  const sizes = wanted.map(({ descriptor }) => descriptor.sizeBytes);
  return {
    wanted,
    layers,
    stack,
    files,
    waste: (signal) => wastes.get('', (signal) => findWaste(stack, sizes, signal), signal),
    changes: (signal) => changes.get('', (signal) => countChanges(stack, signal), signal),
    packages: (signal, onProgress) =>
      packages.get(
        '',
        async (signal, onProgress) => {
          const view = await files.viewOf(MERGED, signal);
          const isAtHand = atHandOf(view, layers, signal);
          const sources = { readNodes: readNodesOf(view, content), isAtHand };
          return listPackages(view, sources, { signal, onProgress });
        },
        signal,
        onProgress,
      ),
    findFile: async (choice, path, signal) => findFile(await files.viewOf(choice, signal), path),
    readFile: (entry, signal) => content.read(entry, signal),
    readInTurn: (entries, signal) => content.readInTurn(entries, signal),
    preview: (entry, limitBytes, signal) => content.preview(entry, limitBytes, signal),
  };
}

function findFile(view: View, path: string): FoundFile {
  const node = nodeAt(view, path, 'follow');
  const { entries } = view.stack;
  const shown = view.entryOf(node);
  const content = shown < 0 ? NONE : entries.contentOf(shown);
  if (isDirectoryIn(view, node) || (content !== NONE && entries.typeOf(content) !== 'file')) {
    throw new FilesError('not-a-file', path);
  }
  if (content === NONE) throw new FilesError('broken-link', path);
  return { node, view, entry: content, sizeBytes: shownSize(view, node) };
}

type Content = Pick<OpenedImage, 'readFile' | 'readInTurn' | 'preview'> & { readonly read: OpenedImage['readFile'] };

/** The bytes of an entry are in the layer that it came with. */
function contentOf({ entries, tree }: LayerStack, layers: readonly ReadLayer[]): Content {
  const layerOf = (entry: number): OpenLayer => {
    const layer = layers[entries.layerOf(entry)];
    if (layer === undefined) throw new FilesError('no-content', tree.pathOf(entries.nodeOf(entry)));
    return layer;
  };
  const call = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { signal });
  const read: OpenedImage['readFile'] = async (entry, signal) =>
    layerOf(entry).readFile(entries.orderOf(entry), call(signal));
  return {
    read,
    readFile: read,
    readInTurn: async function* (wanted, signal) {
      for (let at = 0; at < wanted.length;) {
        const [first = NONE, ...rest] = wanted.slice(at, at + MAX_IN_TURN);
        const layer = entries.layerOf(first);
        const other = rest.findIndex((entry) => entries.layerOf(entry) !== layer);
        const ids = [first, ...(other === -1 ? rest : rest.slice(0, other))];
        let next = 0;
        for await (const { bytes } of layerOf(first).readFiles(ids.map(entries.orderOf), call(signal))) {
          yield { entry: ids[next] ?? first, bytes };
          next += 1;
        }
        at += ids.length;
      }
    },
    preview: async (entry, limitBytes, signal) =>
      layerOf(entry).preview(entries.orderOf(entry), { limitBytes, ...call(signal) }),
  };
}

/** Whether the layer of a node is at hand, asked once for each. */
function atHandOf({ stack: { entries }, entryOf }: View, layers: readonly ReadLayer[], signal: AbortSignal) {
  const answers = new Map<number, Promise<boolean>>();
  return (node: number): Promise<boolean> => {
    const layer = entries.layerOf(entries.contentOf(entryOf(node)));
    const answer = answers.get(layer) ?? layers[layer]?.isAtHand({ signal }) ?? Promise.resolve(false);
    answers.set(layer, answer);
    return answer;
  };
}

/** Reads files one after another, in the order in which the layers have them; without those whose layer was not read. */
function readNodesOf({ stack: { entries, layers }, entryOf }: View, content: Content): PackageSources['readNodes'] {
  return async function* (nodes, signal) {
    const nodeOf = new Map(nodes.map((node) => [entries.contentOf(entryOf(node)), node]));
    const wanted = [...nodeOf.keys()].filter((entry) => layers[entries.layerOf(entry)] !== undefined);
    for await (const { entry, bytes } of content.readInTurn(
      wanted.toSorted((a, b) => a - b),
      signal,
    )) {
      const node = nodeOf.get(entry);
      if (node !== undefined) yield { node, bytes };
    }
  };
}
