import { useRef, type ReactNode, type Ref, type RefObject } from 'react';
import type { RepositoryRef } from '../../queries/tags.ts';
import { ContextMenu } from '../../ui/context-menu.tsx';
import { cx } from '../../ui/cx.ts';
import css from './tag-grid.module.css';
import { markSources } from './mark-sources.ts';
import { TagGridHeader } from './tag-grid-header.tsx';
import type { TagItem, TagView } from './tag-item.ts';
import { TagRow } from './tag-row.tsx';
import { useRowMenu } from './use-row-menu.ts';
import { useRowSources } from './use-row-sources.ts';
import { useRowState } from './use-row-state.ts';
import { useTagGrid } from './use-tag-grid.ts';

export type TagGridProps = {
  readonly ref?: Ref<HTMLDivElement>;
  readonly registryRef: RepositoryRef;
  readonly items: readonly TagItem[];
  readonly view: TagView;
  /** A character typed into the table: a search begins. */
  readonly onType: (character: string) => void;
  /** Shown in place of rows when there are none. */
  readonly empty: ReactNode;
};

/**
 * The table of tags. Keys follow the APG grid pattern with rows as the units: one tab stop, arrows, Page, Home, End;
 * Space ticks, Shift extends, Ctrl+A ticks all, Ctrl+C marks to copy, Enter opens, any other character starts a filter.
 */
export function TagGrid({ ref, registryRef, items, view, onType, empty }: TagGridProps) {
  'use no memo';
  const scrollRef = useRef<HTMLDivElement | null>(null);
  const rows = useRowState(registryRef, items);
  const sources = useRowSources(registryRef, items, rows.ticked);
  const active = items[rows.activeIndex];
  const onCopy = () => {
    markSources(sources.of(active));
  };
  const grid = useTagGrid({ scrollRef, registryRef, items, view, rows, onType, onCopy });
  const menu = useRowMenu(registryRef, active, () => sources.of(active));
  return (
    <ContextMenu items={menu}>
      <div
        ref={mergeRefs(scrollRef, ref)}
        role="grid"
        aria-label={view === 'tags' ? 'Tags' : 'Digests'}
        aria-multiselectable
        aria-rowcount={items.length + 1}
        aria-activedescendant={grid.activeId}
        tabIndex={0}
        className={cx(css['grid'], view === 'digests' && css['byDigest'])}
        onKeyDown={grid.onKeyDown}
        onScroll={grid.onScroll}
        onClick={grid.onClick}
        onDoubleClick={grid.onDoubleClick}
        onContextMenu={grid.onContextMenu}
      >
        <TagGridHeader view={view} ticked={rows.tickedState} onToggleAll={rows.toggleAll} />
        {items.length === 0 && (
          <div role="row" className={css['emptyRow']}>
            <div role="gridcell">{empty}</div>
          </div>
        )}
        <div role="rowgroup" className={css['body']} style={{ height: grid.height }}>
          {grid.virtualRows.map(({ item, index, top, id }) => (
            <TagRow
              key={item.key}
              id={id}
              registryRef={registryRef}
              item={item}
              view={view}
              index={index}
              top={top}
              active={index === rows.activeIndex}
              passing={grid.isRacing}
              ticked={rows.ticked.has(item.key)}
              onToggle={rows.toggle}
              sourcesOf={sources.of}
            />
          ))}
        </div>
      </div>
    </ContextMenu>
  );
}

function mergeRefs(own: RefObject<HTMLDivElement | null>, given: Ref<HTMLDivElement> | undefined) {
  return (element: HTMLDivElement | null) => {
    own.current = element;
    if (typeof given === 'function') given(element);
    else if (given !== null && given !== undefined) given.current = element;
  };
}
