import type { FileRow } from '#shared/api/file-rows.ts';
import type { FileOrder } from '#shared/api/files.ts';
import { useOpenProgress, type FileQuery, type InView } from '../../queries/files.ts';
import { copyText } from '../../ui/copy-text.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { CopyIcon, FolderOpenIcon, SearchIcon } from '../../ui/icons.ts';
import type { MenuItem } from '../../ui/menu-items.tsx';
import { FileGrid } from './file-grid.tsx';
import { saveItem, type Saving } from './use-save.ts';
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
  readonly saving: Saving;
};

/** What is said where a view has nothing. */
const NOTHING = {
  merged: { title: 'No files', text: 'The layers of this image hold none.' },
  layer: { title: 'No files', text: 'This layer brings none.' },
  changes: { title: 'Nothing changed', text: 'This layer adds, changes and removes nothing.' },
} as const;

/** The tree, or what was found. */
export function FileList(props: FileListProps) {
  return props.what === undefined ? <Tree {...props} /> : <Results {...props} what={props.what} />;
}

function Tree({ inView, order, onSort, selected, onSelect, onType, saving }: FileListProps) {
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
      menu={menuOf(source, selected, saving)}
      progress={useOpenProgress(inView.target)}
      empty={
        <EmptyState icon={FolderOpenIcon} title={NOTHING[inView.view.kind].title}>
          {NOTHING[inView.view.kind].text}
        </EmptyState>
      }
      largestBytes={largestIn(source)}
    />
  );
}

function Results(props: FileListProps & { readonly what: FileQuery }) {
  const { inView, what, selected, onSelect, onShowInTree, onType, saving } = props;
  const source = useResultList(inView, what);
  return (
    <FileGrid
      label={what.kind === 'search' ? 'Files found' : 'Largest files'}
      source={source}
      selected={selected}
      onSelect={onSelect}
      onOpen={onShowInTree}
      onType={onType}
      menu={menuOf(source, selected, saving, onShowInTree)}
      progress={useOpenProgress(inView.target)}
      empty={
        what.kind === 'search' ? (
          <EmptyState icon={SearchIcon} title="Nothing found">
            No path in this view matches. <code>*</code> stands for any characters, <code>?</code> for one.
          </EmptyState>
        ) : (
          <EmptyState icon={FolderOpenIcon} title="There are no files" />
        )
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

function rowAt({ tree }: FileSource, path: string): FileRow | undefined {
  const index = tree.indexOf(path);
  const line = index === undefined ? undefined : tree.lineAt(index);
  return line?.kind === 'entry' ? line.row : undefined;
}

function menuOf(
  source: FileSource,
  path: string | undefined,
  saving: Saving,
  onShowInTree?: (path: string) => void,
): readonly MenuItem[] {
  if (path === undefined) return [];
  const copy: MenuItem = {
    id: 'copy',
    label: 'Copy path',
    icon: CopyIcon,
    onSelect: () => void copyText(`/${path}`, 'the path'),
  };
  const save = saveItem(saving.ofRow(rowAt(source, path)));
  if (onShowInTree === undefined) return [...save, copy];
  const show = () => {
    onShowInTree(path);
  };
  return [{ id: 'show', label: 'Show in the tree', icon: FolderOpenIcon, onSelect: show }, ...save, copy];
}
