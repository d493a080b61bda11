import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { movedIndex } from '../lib/grid-keys.ts';
import { cx } from './cx.ts';
import css from './window-list.module.css';

export type WindowListProps = {
  /** The accessible name: `Packages`. */
  readonly label: string;
  /** All rows there are, read or not. */
  readonly count: number;
  readonly readCount: number;
  /** Reads on; called again and again while rows that are not there are in view. */
  readonly onReadMore: () => void;
  /** The cells of a row, each `role="gridcell"`; undefined while it is not there. */
  readonly renderCells: (index: number) => ReactNode | undefined;
  /** Sets the columns of the rows. */
  readonly rowClassName: string | undefined;
  /** A row of `role="columnheader"` cells above the others. */
  readonly head?: ReactNode;
};

const ROW_HEIGHT = 26;

/**
 * A list of any length, read as one scrolls. One tab stop; arrows, Page, Home and End go from row to row.
 * Spec: WAI-ARIA APG, "Grid Pattern", with rows as the units.
 */
export function WindowList({ label, count, readCount, onReadMore, renderCells, rowClassName, head }: WindowListProps) {
  'use no memo';
  const id = useId();
  const ref = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => ref.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    scrollPaddingStart: head === undefined ? 0 : ROW_HEIGHT,
  });
  const items = virtualizer.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= readCount && readCount < count) onReadMore();
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.floor((ref.current?.clientHeight ?? 0) / ROW_HEIGHT) - 1;
    const moved = movedIndex(event.key, active, count, page);
    if (moved === undefined) return;
    event.preventDefault();
    setActive(moved);
    virtualizer.scrollToIndex(moved, { align: 'auto' });
  };
  return (
    <div
      ref={ref}
      role="grid"
      aria-label={label}
      aria-rowcount={count + (head === undefined ? 0 : 1)}
      aria-activedescendant={items.some(({ index }) => index === active) ? `${id}-${active}` : undefined}
      tabIndex={0}
      className={css['list']}
      onKeyDown={onKeyDown}
    >
      {head !== undefined && (
        <div role="row" aria-rowindex={1} className={cx(css['head'], rowClassName)}>
          {head}
        </div>
      )}
      <div role="rowgroup" className={css['rows']} style={{ height: virtualizer.getTotalSize() }}>
        {items.map(({ index, start }) => (
          <div
            key={index}
            id={`${id}-${index}`}
            role="row"
            aria-rowindex={index + (head === undefined ? 1 : 2)}
            data-active={index === active || undefined}
            className={cx(css['row'], rowClassName)}
            style={{ transform: `translateY(${start}px)` }}
          >
            {renderCells(index) ?? <span role="gridcell" aria-label="loading" className={css['ghost']} />}
          </div>
        ))}
      </div>
    </div>
  );
}
