import type { FileType } from '#shared/api/file-rows.ts';
import {
  DeviceIcon,
  FileIcon as PlainFileIcon,
  FolderIcon,
  FolderOpenIcon,
  HardLinkIcon,
  RemovedFileIcon,
  SymlinkIcon,
  type Icon,
} from '../../ui/icons.ts';
import css from './grid.module.css';

const ICONS: Readonly<Record<FileType, Icon>> = {
  file: PlainFileIcon,
  directory: FolderIcon,
  symlink: SymlinkIcon,
  hardlink: HardLinkIcon,
  'char-device': DeviceIcon,
  'block-device': DeviceIcon,
  fifo: DeviceIcon,
  whiteout: RemovedFileIcon,
};

export type FileIconProps = { readonly type: FileType; readonly isOpen: boolean };

/** The type as a picture; its name stands beside it for screen readers. */
export function FileIcon({ type, isOpen }: FileIconProps) {
  const Shape = type === 'directory' && isOpen ? FolderOpenIcon : ICONS[type];
  return <Shape size={15} aria-hidden className={css['icon']} />;
}
