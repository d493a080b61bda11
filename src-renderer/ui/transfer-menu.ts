import { CopyToIcon, DownloadIcon, LocalRegistryIcon, PasteIcon, UploadIcon } from './icons.ts';
import { keysOf } from '../lib/shortcuts.ts';
import type { MenuItem } from './menu-items.tsx';

export type SourceActions = {
  readonly copyTo: () => void;
  readonly mark: () => void;
  readonly save: () => void;
  /** Absent for what is on the shelf already. */
  readonly keepOffline: (() => void) | undefined;
};

/** What can be done with images or repositories: the same everywhere they are shown, as dragging is. */
export function sourceMenu({ copyTo, mark, save, keepOffline }: SourceActions): readonly MenuItem[] {
  return [
    { id: 'copy-to', label: 'Copy to…', icon: CopyToIcon, onSelect: copyTo },
    { id: 'mark', label: 'Mark to copy', icon: CopyToIcon, hint: keysOf('mark'), onSelect: mark },
    ...(keepOffline === undefined
      ? []
      : [{ id: 'keep-offline', label: 'Keep offline in Local…', icon: LocalRegistryIcon, onSelect: keepOffline }]),
    { id: 'save', label: 'Save to a file…', icon: DownloadIcon, onSelect: save },
  ];
}

export type PlaceActions = {
  readonly paste: () => void;
  readonly canPaste: boolean;
  readonly push: () => void;
};

/** What can be put into a registry, path or repository. */
export function placeMenu({ paste, canPaste, push }: PlaceActions): readonly MenuItem[] {
  return [
    { id: 'paste', label: 'Paste here…', icon: PasteIcon, hint: keysOf('paste'), disabled: !canPaste, onSelect: paste },
    { id: 'push', label: 'Push an archive here…', icon: UploadIcon, onSelect: push },
  ];
}
