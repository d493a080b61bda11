import { createFiles, type Files } from '#main/core/layers/browse/create-files.ts';
import type { FileRow } from '#main/core/layers/browse/rows.ts';
import { stackLayers } from '#main/core/layers/overlay/stack-layers.ts';
import type { ViewChoice } from '#main/core/layers/overlay/view.ts';
import { memoryLayer, type MemoryEntry } from './memory-layer.ts';

/** What a container sees. */
export const MERGED: ViewChoice = { kind: 'merged', deleted: false };

/** The files of layers, the lowest first. */
export async function filesOf(...layers: ReadonlyArray<readonly MemoryEntry[]>): Promise<Files> {
  return createFiles(await stackLayers(layers.map((entries) => memoryLayer(entries))));
}

/** Every row of a view but the root, in the order of paths. */
export async function allRows(files: Files, view: ViewChoice = MERGED): Promise<readonly FileRow[]> {
  const window = { offset: 0, limit: 1_000_000 };
  return (await files.search({ view, query: '*', under: '', window })).rows;
}

/** Every path of a view but the root, in order. */
export async function pathsOf(files: Files, view: ViewChoice = MERGED): Promise<readonly string[]> {
  return (await allRows(files, view)).map(({ path }) => path);
}

/** The row of one path, by itself. */
export async function rowAt(files: Files, path: string, view: ViewChoice = MERGED): Promise<FileRow> {
  return (await files.stat({ view, path })).row;
}

export const dir = (path: string, more: Partial<MemoryEntry> = {}): MemoryEntry => ({
  path,
  type: 'directory',
  ...more,
});
export const file = (path: string, content: string | number = 0, more: Partial<MemoryEntry> = {}): MemoryEntry => ({
  path,
  content,
  ...more,
});
export const symlink = (path: string, link: string): MemoryEntry => ({ path, type: 'symlink', link });
export const hardlink = (path: string, link: string): MemoryEntry => ({ path, type: 'hardlink', link });
