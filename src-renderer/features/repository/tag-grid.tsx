import { useRef, type ReactNode, type Ref, type RefObject } from 'react';
import type { RepositoryRef } from '../../queries/tags.ts';
import { ContextMenu } from '../../ui/context-menu.tsx';
import { cx } from '../../ui/cx.ts';
import css from './tag-grid.module.css';
import { markSources } from './mark-sources.ts';
import { TagGridHeader } from './tag-grid-header.tsx';
import type { TagRows, TagView } from './tag-item.ts';
import { TagRow } from './tag-row.tsx';
import { useDropTag } from './use-drop-tag.ts';
import { useRowMenu } from './use-row-menu.ts';
import { useRowSources } from './use-row-sources.ts';
import { useRowState } from './use-row-state.ts';
import { useTagGrid } from './use-tag-grid.ts';

export type TagGridProps = {
  readonly ref?: Ref<HTMLDivElement>;
  readonly registryRef: RepositoryRef;
  readonly rows: TagRows;
  readonly view: TagView;
  /** More names are on their way. */
  readonly isGrowing: boolean;
  /** A character typed into the table: a search begins. */
  readonly onType: (character: string) => void;
  /** Shown in place of rows when there are none. */
  readonly empty: ReactNode;
};

/**
 * The table of tags. Keys follow the APG grid pattern with rows as the units: one tab stop, arrows, Page, Home, End;
 * Space ticks, Shift extends, Ctrl+A ticks all, Ctrl+C marks to copy, Enter opens, any other character starts a filter.
 */
export function TagGrid({ ref, registryRef, rows, view, isGrowing, onType, empty }: TagGridProps) {
  'use no memo';
  const scrollRef = useRef<HTMLDivElement | null>(null);
  const state = useRowState(registryRef, rows);
  const sources = useRowSources(registryRef, rows, state.ticked);
  const active = rows.at(state.activeIndex);
  const onCopy = () => {
    markSources(sources.of(active));
  };
  const grid = useTagGrid({ scrollRef, registryRef, rows, view, isGrowing, state, onType, onCopy });
  const menu = useRowMenu(registryRef, active, () => sources.of(active));
  const dropTag = useDropTag(registryRef);
  const count = rows.keys.length;
  return (
    <ContextMenu items={menu}>
      <div
        ref={mergeRefs(scrollRef, ref)}
        role="grid"
        aria-label={view === 'tags' ? 'Tags' : 'Digests'}
        aria-multiselectable
        aria-rowcount={count + 1}
        aria-activedescendant={grid.activeId}
        tabIndex={0}
        className={cx(css['grid'], view === 'digests' && css['byDigest'])}
        onKeyDown={grid.onKeyDown}
        onClick={grid.onClick}
        onDoubleClick={grid.onDoubleClick}
        onContextMenu={grid.onContextMenu}
      >
        <TagGridHeader view={view} ticked={state.tickedState} onToggleAll={state.toggleAll} />
        {count === 0 && (
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
              active={index === state.activeIndex}
              passing={grid.isRacing}
              rest={grid.rest}
              ticked={state.ticked.has(item.key)}
              isDropTarget={item.tag === dropTag}
              onToggle={state.toggle}
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
