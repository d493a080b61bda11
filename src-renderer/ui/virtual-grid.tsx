import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import {
  useCallback,
  useEffect,
  useId,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
} from 'react';
import { movedIndex } from '../lib/grid-keys.ts';
import { cx } from './cx.ts';
import css from './virtual-grid.module.css';
import { isShortcut } from '../lib/shortcuts.ts';

export type GridColumn = { readonly key: string; readonly head: ReactNode; readonly align?: 'start' | 'end' };

export type VirtualGridProps = {
  /** The accessible name. */
  readonly label: string;
  readonly columns: readonly GridColumn[];
  /** The widths of the columns, as CSS has them in `grid-template-columns`. */
  readonly template: string;
  /** Stable names of the rows, in order. */
  readonly keys: readonly string[];
  /** The cells of a row, each in a `GridCell`. */
  readonly children: (index: number) => ReactNode;
  /** Enter or a click on a row that is not on one of its controls. */
  readonly onOpen?: ((index: number) => void) | undefined;
  readonly openKey?: string | undefined;
};

const ROW_HEIGHT = 34;
const HEAD_HEIGHT = 28;

/** A click on a control is for that control. */
function rowIndexOf({ target }: MouseEvent): number | undefined {
  if (!(target instanceof Element) || target.closest('button, a, input, select') !== null) return undefined;
  const index = target.closest('[data-index]')?.getAttribute('data-index');
  return index === undefined || index === null ? undefined : Number(index);
}

function useRows(keys: readonly string[], active: number) {
  'use no memo';
  const scroller = useRef<HTMLDivElement>(null);
  // A new function would have every row measured anew at every frame.
  const getItemKey = useCallback((index: number) => keys[index] ?? index, [keys]);
  const virtualizer = useVirtualizer({
    count: keys.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    scrollPaddingStart: HEAD_HEIGHT,
    getItemKey,
    overscan: 8,
    // The active row is always drawn, so that aria-activedescendant always names something.
    rangeExtractor: (range) =>
      [...new Set([...defaultRangeExtractor(range), active])]
        .filter((index) => index >= 0 && index < range.count)
        .sort((a, b) => a - b),
  });
  return { scroller, virtualizer };
}

/** What is shown of an opened row takes room from the grid: the row is brought back into what is left. */
function useRowInView(id: string | undefined): void {
  useEffect(() => {
    if (id !== undefined) document.getElementById(id)?.scrollIntoView({ block: 'nearest' });
  }, [id]);
}

function rowClass(isActive: boolean, isOpen: boolean): string {
  return cx(css['row'], css['dataRow'], isActive && css['active'], isOpen && css['open']);
}

function Head({ columns, template }: Pick<VirtualGridProps, 'columns' | 'template'>) {
  return (
    <div role="rowgroup" className={css['head']}>
      <div role="row" aria-rowindex={1} className={css['row']} style={{ gridTemplateColumns: template }}>
        {columns.map(({ key, head, align }) => (
          <div key={key} role="columnheader" className={align === 'end' ? css['end'] : undefined}>
            {head}
          </div>
        ))}
      </div>
    </div>
  );
}

/**
 * A table of any length with rows as its units: one tab stop, arrows, Page, Home, End, Enter; controls inside of rows
 * are tab stops of their own. Spec: WAI-ARIA APG, "Grid Pattern".
 */
export function VirtualGrid(props: VirtualGridProps) {
  'use no memo';
  const { label, columns, template, keys, children, onOpen, openKey } = props;
  const id = useId();
  const [activeKey, setActiveKey] = useState<string>();
  const active = activeKey === undefined ? -1 : keys.indexOf(activeKey);
  const { scroller, virtualizer } = useRows(keys, active);
  const rowId = (index: number) => `${id}-${index}`;
  useRowInView(openKey === undefined ? undefined : rowId(keys.indexOf(openKey)));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const page = Math.floor(((scroller.current?.clientHeight ?? 0) - HEAD_HEIGHT) / ROW_HEIGHT);
    const moved = movedIndex(event.key, active, keys.length, page);
    if (moved !== undefined) {
      setActiveKey(keys[moved]);
      virtualizer.scrollToIndex(moved);
    } else if (isShortcut(event, 'open-row') && active !== -1) onOpen?.(active);
    else return;
    event.preventDefault();
  };
  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={label}
      aria-rowcount={keys.length + 1}
      aria-activedescendant={active === -1 ? undefined : rowId(active)}
      tabIndex={0}
      className={css['grid']}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        const index = rowIndexOf(event);
        if (index === undefined) return;
        setActiveKey(keys[index]);
        onOpen?.(index);
      }}
    >
      <Head columns={columns} template={template} />
      <div role="rowgroup" className={css['body']} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ key, index, start }) => (
          <div
            key={key}
            id={rowId(index)}
            role="row"
            tabIndex={-1}
            data-index={index}
            aria-rowindex={index + 2}
            aria-selected={keys[index] === openKey}
            className={rowClass(index === active, keys[index] === openKey)}
            style={{ gridTemplateColumns: template, transform: `translateY(${start}px)` }}
          >
            {children(index)}
          </div>
        ))}
      </div>
    </div>
  );
}

export type GridCellProps = {
  readonly children: ReactNode;
  /** The whole of it, where the cell may cut it. */
  readonly title?: string | undefined;
  readonly align?: 'start' | 'end';
  readonly className?: string | undefined;
};

export function GridCell({ children, title, align = 'start', className }: GridCellProps) {
  return (
    <div role="gridcell" title={title} className={cx(css['cell'], align === 'end' && css['end'], className)}>
      {children}
    </div>
  );
}
