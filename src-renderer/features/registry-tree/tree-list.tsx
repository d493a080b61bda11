import { defaultRangeExtractor, useVirtualizer, type VirtualItem, type Virtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { TreeRow as Row } from '../../lib/tree-rows.ts';
import { useTreeState } from '../../state/tree-state.ts';
import { ContextMenu } from '../../ui/context-menu.tsx';
import { openMenuAt } from '../../ui/open-menu-at.ts';
import type { MenuItem } from '../../ui/menu-items.tsx';
import { ROW_HEIGHT, rowHeight, TreeRow } from './tree-row.tsx';
import css from './tree.module.css';
import { markRow, pasteOnRow } from './row-sources.ts';
import { useTreeDrop, type DropLook } from './use-tree-drop.ts';
import { useTreeKeys } from './use-tree-keys.ts';
import { useTreePointer } from './use-tree-pointer.ts';

export type TreeListProps = {
  readonly rows: readonly Row[];
  /** Id of the row whose page is shown. */
  readonly currentId: string | undefined;
  /** The row to bring into view, once. */
  readonly bringId: string | undefined;
  readonly menuOf: (row: Row | undefined) => readonly MenuItem[];
  readonly onActivate: (row: Row, keep: boolean) => void;
  readonly onToggle: (row: Row) => void;
};

/** Where the keys are when the focused row is gone: at its nearest owner that is there, else at the top. */
function activeIndex(rows: readonly Row[], focusedId: string | undefined): number {
  if (focusedId === undefined) return 0;
  const there = rows.findIndex((row) => row.id === focusedId);
  return there === -1
    ? Math.max(
        0,
        rows.findLastIndex((row) => focusedId.startsWith(`${row.id} `)),
      )
    : there;
}

/** The keys start at the row that was brought into view, unless someone is using them in the tree right now. */
function useBringIntoView(
  bringIndex: number,
  bringId: string | undefined,
  virtualizer: Virtualizer<HTMLDivElement, Element>,
): void {
  'use no memo';
  useEffect(() => {
    if (bringId === undefined || bringIndex === -1) return;
    const { focus, endReveal } = useTreeState.getState();
    const { startIndex, endIndex } = virtualizer.range ?? { startIndex: 0, endIndex: -1 };
    const isInView = startIndex <= bringIndex && bringIndex <= endIndex;
    virtualizer.scrollToIndex(bringIndex, { align: isInView ? 'auto' : 'center' });
    if (document.activeElement !== virtualizer.scrollElement) focus(bringId);
    endReveal();
  }, [bringId, bringIndex, virtualizer]);
}

function useVirtualRows(rows: readonly Row[], active: number, bringId: string | undefined) {
  'use no memo';
  const scroller = useRef<HTMLDivElement>(null);
  // A new function has the heights taken anew: with other rows, since an error row is taller, and not at every frame.
  const getItemKey = useCallback((index: number) => (rows[index] === undefined ? -1 : index), [rows]);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => rowHeight(rows[index]),
    getItemKey,
    overscan: 12,
    // The row of the keys is always drawn, so that aria-activedescendant always names something.
    rangeExtractor: (range) =>
      [...new Set([...defaultRangeExtractor(range), active])]
        .filter((index) => index < range.count)
        .sort((a, b) => a - b),
  });
  const bringIndex = useMemo(() => rows.findIndex((row) => row.id === bringId), [rows, bringId]);
  useBringIntoView(bringIndex, bringId, virtualizer);
  return { scroller, virtualizer };
}

type VisibleRowsProps = Pick<TreeListProps, 'rows' | 'currentId'> & {
  readonly items: readonly VirtualItem[];
  readonly active: number;
  readonly domId: (row: Row) => string;
  readonly dropOf: (row: Row) => DropLook | undefined;
};

function VisibleRows({ items, rows, active, currentId, domId, dropOf }: VisibleRowsProps) {
  return items.map((item) => {
    const row = rows[item.index];
    return row === undefined ? null : (
      <TreeRow
        key={row.id}
        row={row}
        domId={domId(row)}
        isActive={item.index === active}
        isCurrent={row.id === currentId}
        top={item.start}
        drop={dropOf(row)}
      />
    );
  });
}

/**
 * Virtual rows in a tree with one tab stop. The focus stays on the tree and `aria-activedescendant` names the row,
 * so scrolling can never lose it. Spec: WAI-ARIA APG, "Tree View Pattern".
 */
export function TreeList({ rows, currentId, bringId, menuOf, onActivate, onToggle }: TreeListProps) {
  'use no memo';
  const id = useId();
  const focusedId = useTreeState((state) => state.focusedId);
  const focus = useTreeState((state) => state.focus);
  const [pointedId, setPointedId] = useState<string>();
  // Looked for once, not at each frame of scrolling: there may be 100,000 rows.
  const active = useMemo(() => activeIndex(rows, focusedId), [rows, focusedId]);
  const pointed = useMemo(() => rows.find((row) => row.id === pointedId), [rows, pointedId]);
  const { scroller, virtualizer } = useVirtualRows(rows, active, bringId);
  const domId = (row: Row) => `${id}-${row.id.replaceAll(' ', '_')}`;
  const onKeyDown = useTreeKeys({
    rows,
    active,
    pageSize: () => Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_HEIGHT) - 1),
    moveTo: (index) => {
      focus(rows[index]?.id);
      virtualizer.scrollToIndex(index, { align: 'auto' });
    },
    onActivate,
    onToggle,
    onMenu: (row) => {
      openMenuAt(document.getElementById(domId(row)));
    },
    onCopy: markRow,
    onPaste: pasteOnRow,
  });
  const { lookOf } = useTreeDrop(scroller, rows);
  const pointer = useTreePointer({ rows, onPoint: setPointedId, onActivate, onToggle });
  return (
    <ContextMenu items={menuOf(pointed)}>
      <div
        ref={scroller}
        role="tree"
        aria-label="Registries"
        aria-activedescendant={rows
          .slice(active, active + 1)
          .map(domId)
          .at(0)}
        tabIndex={0}
        className={css['tree']}
        onKeyDown={onKeyDown}
        {...pointer}
      >
        <div role="presentation" className={css['rows']} style={{ height: virtualizer.getTotalSize() }}>
          <VisibleRows
            items={virtualizer.getVirtualItems()}
            rows={rows}
            active={active}
            currentId={currentId}
            domId={domId}
            dropOf={lookOf}
          />
        </div>
      </div>
    </ContextMenu>
  );
}
