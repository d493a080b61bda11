import { assertNever } from '../../lib/assert-never.ts';
import type { TreeRow } from '../../lib/tree-rows.ts';
import {
  FolderIcon,
  FolderOpenIcon,
  LocalRegistryIcon,
  RegistryIcon,
  RepositoryIcon,
  StarIcon,
  TagIcon,
} from '../../ui/icons.ts';
import css from './tree.module.css';

export type RowIconProps = { readonly row: Exclude<TreeRow, { of: unknown }> };

const LOOK = { size: 15, 'aria-hidden': true, className: css['icon'] } as const;

export function RowIcon({ row }: RowIconProps) {
  switch (row.kind) {
    case 'favourites':
      return <StarIcon {...LOOK} />;
    case 'registry':
      return row.registry.kind === 'local' ? <LocalRegistryIcon {...LOOK} /> : <RegistryIcon {...LOOK} />;
    case 'folder':
      return row.open ? <FolderOpenIcon {...LOOK} /> : <FolderIcon {...LOOK} />;
    case 'repository':
      return <RepositoryIcon {...LOOK} />;
    case 'tag':
      return <TagIcon {...LOOK} />;
    default:
      return assertNever(row);
  }
}
