import { InvalidInputError } from '../../gantry-error.ts';
import type { LayerStack } from '../overlay/layer-stack.ts';
import { buildView, type View, type ViewChoice } from '../overlay/view.ts';
import { largestFiles, searchFiles } from './find-files.ts';
import { directoryAt, type FileOrder, orderedChildren, type RowWindow, toRows, type Window } from './list-directory.ts';
import { createMemo } from './memo.ts';
import { type FileRow, toRow } from './rows.ts';
import { type FileStat, statPath } from './stat-path.ts';
import { buildTreemap, type TreemapNode } from './treemap.ts';

/** A view takes some 30 bytes a path, so only those in use are kept. */
const MAX_VIEWS = 4;
const MAX_LISTS = 24;

type Call = { readonly view: ViewChoice; readonly signal?: AbortSignal | undefined };

/** What can be asked of the files of a stack. Every answer is bounded, and made without holding up the event loop. */
export type Files = {
  readonly stack: LayerStack;
  /** @throws {InvalidInputError} for a layer that is not there */
  readonly viewOf: (choice: ViewChoice, signal?: AbortSignal) => Promise<View>;
  /** What is directly in a directory. @throws {FilesError} */
  readonly list: (
    call: Call & { readonly path: string; readonly order: FileOrder; readonly window: Window },
  ) => Promise<RowWindow & { readonly directory: FileRow }>;
  /** @throws {FilesError} */
  readonly stat: (call: Call & { readonly path: string }) => Promise<FileStat>;
  /** By part of a name, or by glob. @throws {FilesError} */
  readonly search: (
    call: Call & { readonly query: string; readonly under: string; readonly window: Window },
  ) => Promise<RowWindow>;
  /** @throws {FilesError} */
  readonly largest: (call: Call & { readonly under: string; readonly window: Window }) => Promise<RowWindow>;
  /** @throws {FilesError} */
  readonly treemap: (call: Call & { readonly path: string; readonly maxNodes: number }) => Promise<TreemapNode[]>;
};

/** The files of a stack, with the last few views and lists kept: windows of one list are asked for one after another. */
export function createFiles(stack: LayerStack): Files {
  const views = createMemo<View>(MAX_VIEWS);
  const lists = createMemo<Int32Array<ArrayBuffer>>(MAX_LISTS);
  const viewOf = async (choice: ViewChoice, signal?: AbortSignal): Promise<View> => {
    checkLayer(stack, choice);
    return views.get(keyOf(choice), (signal) => buildView(stack, choice, signal), signal);
  };
  return {
    stack,
    viewOf,
    list: async ({ view: choice, path, order, window, signal }) => {
      const view = await viewOf(choice, signal);
      const directory = directoryAt(view, path);
      const key = JSON.stringify(['list', keyOf(choice), directory, order.by, order.descending, order.foldersFirst]);
      const nodes = await lists.get(key, (signal) => orderedChildren(view, directory, order, signal), signal);
      return { ...toRows(view, nodes, window), directory: toRow(view, directory) };
    },
    stat: async ({ view: choice, path, signal }) => statPath(await viewOf(choice, signal), path, signal),
    search: async ({ view: choice, query, under: path, window, signal }) => {
      const view = await viewOf(choice, signal);
      const under = directoryAt(view, path);
      const key = JSON.stringify(['search', keyOf(choice), under, query]);
      return toRows(
        view,
        await lists.get(key, (signal) => searchFiles(view, { query, under }, signal), signal),
        window,
      );
    },
    largest: async ({ view: choice, under: path, window, signal }) => {
      const view = await viewOf(choice, signal);
      const under = directoryAt(view, path);
      const key = JSON.stringify(['largest', keyOf(choice), under]);
      return toRows(view, await lists.get(key, (signal) => largestFiles(view, under, signal), signal), window);
    },
    treemap: async ({ view: choice, path, maxNodes, signal }) => {
      const view = await viewOf(choice, signal);
      return buildTreemap(view, directoryAt(view, path), maxNodes, signal);
    },
  };
}

function checkLayer({ layers }: LayerStack, choice: ViewChoice): void {
  const layer = choice.kind === 'merged' ? (choice.upToLayer ?? 0) : choice.layer;
  if (layer > 0 && layer >= layers.length) throw new InvalidInputError('view', `there are ${layers.length} layers`);
}

function keyOf(choice: ViewChoice): string {
  if (choice.kind !== 'merged') return `${choice.kind}:${choice.layer}`;
  return `merged:${choice.upToLayer ?? 'all'}:${choice.deleted}`;
}
