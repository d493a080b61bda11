import type { FileRow, FilesTarget } from '#shared/api/file-rows.ts';
import type { SingleImageView } from '#shared/api/images.ts';
import type { FilesPlace } from '../../lib/files-view.ts';
import { saveableRow, saveableWhole, type Saveable } from '../../lib/files-save.ts';
import { saveFiles } from '../../queries/saves.ts';
import { DownloadIcon } from '../../ui/icons.ts';
import type { MenuItem } from '../../ui/menu-items.tsx';
import { startDownload } from '../../ui/start-download.ts';
import { keysOf } from '../../lib/shortcuts.ts';

export type SaveAction = { readonly label: string; readonly run: () => void };

/** Saving what is in view. */
export type Saving = {
  /** Undefined for what cannot be saved. */
  readonly ofRow: (row: FileRow | undefined) => SaveAction | undefined;
  readonly whole: SaveAction;
};

/** What of an image's files can be saved as they are shown. */
export function useSave(target: FilesTarget, image: SingleImageView, place: FilesPlace): Saving {
  const action = ({ label, what, onlyLayer }: Saveable): SaveAction => {
    const layerDigest = onlyLayer === undefined ? undefined : image.layers[onlyLayer]?.descriptor.digest;
    const from = layerDigest === undefined ? target : { ...target, layerDigest };
    return { label, run: () => void saveFiles({ target: from, what }, startDownload) };
  };
  return {
    ofRow: (row) => {
      const saveable = row === undefined ? undefined : saveableRow(row, place);
      return saveable === undefined ? undefined : action(saveable);
    },
    whole: action(saveableWhole(place)),
  };
}

/** The line of an entry in a menu. */
export function saveItem(action: SaveAction | undefined): readonly MenuItem[] {
  if (action === undefined) return [];
  return [{ id: 'save', label: action.label, icon: DownloadIcon, hint: keysOf('save'), onSelect: action.run }];
}

/** The entry, where it can be saved, and everything in view. */
export function saveMenu(saving: Saving, row: FileRow | undefined): readonly MenuItem[] {
  const { label, run } = saving.whole;
  return [...saveItem(saving.ofRow(row)), { id: 'save-whole', label, icon: DownloadIcon, onSelect: run }];
}
