import type { FileRow } from '#shared/api/file-rows.ts';
import type { SaveWhat } from '#shared/api/file-save.ts';
import type { FilesPlace } from './files-view.ts';

/** Something of an image's files that can be saved, as the view shows it. */
export type Saveable = {
  /** As a menu says it. */
  readonly label: string;
  readonly what: SaveWhat;
  /** Only what this layer brings, nothing of the others. */
  readonly onlyLayer?: number | undefined;
};

function upTo(layer: number | undefined): { readonly upToLayer?: number } {
  return layer === undefined ? {} : { upToLayer: layer };
}

/** Everything in view, as one tar. */
export function saveableWhole({ show, layer }: FilesPlace): Saveable {
  const what = { kind: 'tar', path: '' } as const;
  if (layer === undefined) return { label: 'Save the whole file system as tar…', what };
  if (show !== 'image') return { label: `Save what layer ${layer + 1} brings as tar…`, what, onlyLayer: layer };
  return { label: `Save the file system after layer ${layer + 1} as tar…`, what: { ...what, ...upTo(layer) } };
}

const FILE_LABELS: Partial<Record<FileRow['type'], string>> = {
  file: 'Save file…',
  hardlink: 'Save file…',
  symlink: 'Save the file it leads to…',
};

/** One entry; undefined for what cannot be saved: devices, markers, and what a later layer has deleted. */
export function saveableRow(row: FileRow, { show, layer }: FilesPlace): Saveable | undefined {
  if (row.state === 'hidden' || row.change?.status === 'removed') return undefined;
  if (row.path === '') return undefined;
  if (row.type === 'directory') {
    const label = 'Save folder as tar…';
    const what = { kind: 'tar', path: row.path } as const;
    if (show !== 'image') return { label, what, onlyLayer: layer };
    return { label, what: { ...what, ...upTo(layer) } };
  }
  const label = FILE_LABELS[row.type];
  // What a hard link of this layer names may lie in one below, so the layers up to it count.
  return label === undefined ? undefined : { label, what: { kind: 'file', path: row.path, ...upTo(layer) } };
}
