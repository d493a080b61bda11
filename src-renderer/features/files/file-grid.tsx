import type { FileOrder } from '#shared/api/files.ts';
import { useEffect, useRef, type ReactNode } from 'react';
import { aloneLine } from '../../lib/file-tree.ts';
import type { ReadProgress } from '../../lib/layer-reading.ts';
import { ContextMenu } from '../../ui/context-menu.tsx';
import { cx } from '../../ui/cx.ts';
import { SortDownIcon, SortUpIcon } from '../../ui/icons.ts';
import type { MenuItem } from '../../ui/menu-items.tsx';
import { FileLine } from './file-line.tsx';
import css from './grid.module.css';
import { useFileGrid } from './use-file-grid.ts';
import type { FileSource } from './use-file-source.ts';
import { WholeList } from './whole-list.tsx';

export type FileGridProps = {
  readonly label: string;
  readonly source: FileSource;
  /** A tree that can be sorted; absent for a flat list in an order of its own, which names whole paths. */
  readonly sorting?: { readonly order: FileOrder; readonly onSort: (by: FileOrder['by']) => void } | undefined;
  readonly selected: string | undefined;
  readonly onSelect: (path: string) => void;
  readonly onOpen: (path: string) => void;
  readonly onType: (character: string) => void;
  readonly menu: readonly MenuItem[];
  /** In place of rows when there are none. */
  readonly empty: ReactNode;
  /** How far the layers are, where they must be read again first. */
  readonly progress: ReadProgress | undefined;
  /** Size bars are drawn against this. */
  readonly largestBytes: number;
};

/** Files in a table: a tree that opens in place, or a list of results. One tab stop; arrows, Enter, type to search. */
export function FileGrid(props: FileGridProps) {
  'use no memo';
  const { label, source, sorting, selected, menu, empty, largestBytes, progress } = props;
  const scrollRef = useRef<HTMLDivElement | null>(null);
  const grid = useFileGrid({ ...props, scrollRef });
  const isTree = source.toggle !== undefined;
  const alone = aloneLine(source.tree);
  useScrollToSelected(source, selected, grid.scrollTo);
  return (
    <ContextMenu items={menu}>
      <div
        ref={scrollRef}
        role="treegrid"
        aria-label={label}
        aria-rowcount={source.tree.length + 1}
        aria-activedescendant={grid.activeId}
        tabIndex={0}
        className={css['grid']}
        onKeyDown={grid.onKeyDown}
        onClick={grid.onClick}
        onDoubleClick={grid.onDoubleClick}
        onContextMenu={grid.onContextMenu}
      >
        <Head sorting={sorting} />
        {alone !== undefined ? (
          <div role="row" aria-busy={alone.kind === 'pending' || undefined}>
            <div role="gridcell">
              <WholeList line={alone} source={source} progress={progress} empty={empty} />
            </div>
          </div>
        ) : (
          <div role="rowgroup" className={css['body']} style={{ height: grid.height }}>
            {grid.lines.map(({ line, index, top, id }) => (
              <FileLine
                key={line.key}
                id={id}
                line={line}
                index={index}
                top={top}
                isActive={index === grid.active}
                showsPath={!isTree}
                largestBytes={largestBytes}
                onRetry={source.retry}
              />
            ))}
          </div>
        )}
      </div>
    </ContextMenu>
  );
}

/** A path chosen elsewhere (a search, the treemap, a link) is brought into view once it is loaded. */
function useScrollToSelected({ tree }: FileSource, selected: string | undefined, scrollTo: (index: number) => void) {
  'use no memo';
  const shown = useRef<string>(undefined);
  useEffect(() => {
    if (selected === undefined || shown.current === selected) return;
    const index = tree.indexOf(selected);
    if (index === undefined) return;
    const isFirst = shown.current === undefined;
    shown.current = selected;
    const row = document.getElementById(`file-row-${index}`);
    if (row === null || isFirst) scrollTo(index);
  });
}

const COLUMNS = [
  { key: 'name', label: 'Name', className: 'name', by: 'name' },
  { key: 'size', label: 'Size', className: 'size', by: 'size' },
  { key: 'layer', label: 'Layer', className: 'layer', by: undefined },
  { key: 'mode', label: 'Mode', className: 'mode', by: undefined },
  { key: 'owner', label: 'Owner', className: 'owner', by: undefined },
  { key: 'modified', label: 'Modified', className: 'modified', by: 'modified' },
] as const;

function Head({ sorting }: Pick<FileGridProps, 'sorting'>) {
  return (
    <div role="rowgroup" className={css['head']}>
      <div role="row" aria-rowindex={1} className={cx(css['line'], css['headLine'])}>
        {COLUMNS.map(({ key, label, className, by }) => {
          const isSorted = sorting !== undefined && by === sorting.order.by;
          const direction = sorting?.order.descending === true ? 'descending' : 'ascending';
          return (
            <div key={key} role="columnheader" aria-sort={isSorted ? direction : undefined} className={css[className]}>
              {sorting === undefined || by === undefined ? (
                label
              ) : (
                <button
                  type="button"
                  tabIndex={-1}
                  className={css['sort']}
                  onClick={() => {
                    sorting.onSort(by);
                  }}
                >
                  {label}
                  {isSorted && (direction === 'ascending' ? <SortUpIcon size={12} /> : <SortDownIcon size={12} />)}
                </button>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}
