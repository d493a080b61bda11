import type { FileOrder } from '#shared/api/files.ts';
import type { FileQuery, InView } from '../../queries/files.ts';
import { copyText } from '../../ui/copy-text.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { CopyIcon, FolderOpenIcon, SearchIcon } from '../../ui/icons.ts';
import type { MenuItem } from '../../ui/menu-items.tsx';
import { FileGrid } from './file-grid.tsx';
import { useFileTree, useResultList, type FileSource } from './use-file-source.ts';

export type FileListProps = {
  readonly inView: InView;
  /** Undefined for the tree. */
  readonly what: FileQuery | undefined;
  readonly order: FileOrder;
  readonly onSort: (by: FileOrder['by']) => void;
  readonly selected: string | undefined;
  readonly onSelect: (path: string) => void;
  readonly onShowInTree: (path: string) => void;
  readonly onType: (character: string) => void;
};

/** The tree, or what was found. */
export function FileList(props: FileListProps) {
  return props.what === undefined ? <Tree {...props} /> : <Results {...props} what={props.what} />;
}

function Tree({ inView, order, onSort, selected, onSelect, onType }: FileListProps) {
  const source = useFileTree(inView, order, selected);
  return (
    <FileGrid
      label="Files"
      source={source}
      sorting={{ order, onSort }}
      selected={selected}
      onSelect={onSelect}
      onOpen={onSelect}
      onType={onType}
      menu={menuOf(selected)}
      empty={null}
      largestBytes={largestIn(source)}
    />
  );
}

function Results(props: FileListProps & { readonly what: FileQuery }) {
  const { inView, what, selected, onSelect, onShowInTree, onType } = props;
  const source = useResultList(inView, what);
  return (
    <FileGrid
      label={what.kind === 'search' ? 'Files found' : 'Largest files'}
      source={source}
      selected={selected}
      onSelect={onSelect}
      onOpen={onShowInTree}
      onType={onType}
      menu={menuOf(selected, onShowInTree)}
      empty={
        <EmptyState icon={SearchIcon} title="Nothing found">
          {what.kind === 'search'
            ? 'No path in this view matches. `*` and `?` stand for any characters.'
            : 'There are no files.'}
        </EmptyState>
      }
      largestBytes={largestIn(source)}
    />
  );
}

/** What fills a size bar: the largest of the first lines, which is the largest of all when sorted by size. */
function largestIn({ tree }: FileSource): number {
  let largest = 0;
  for (let index = 0; index < Math.min(tree.length, 200); index += 1) {
    const line = tree.lineAt(index);
    if (line?.kind === 'entry') largest = Math.max(largest, line.row.sizeBytes);
  }
  return largest;
}

function menuOf(path: string | undefined, onShowInTree?: (path: string) => void): readonly MenuItem[] {
  if (path === undefined) return [];
  const copy: MenuItem = {
    id: 'copy',
    label: 'Copy path',
    icon: CopyIcon,
    onSelect: () => void copyText(`/${path}`, 'the path'),
  };
  if (onShowInTree === undefined) return [copy];
  const show = () => {
    onShowInTree(path);
  };
  return [{ id: 'show', label: 'Show in the tree', icon: FolderOpenIcon, onSelect: show }, copy];
}
