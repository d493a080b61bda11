import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, type KeyboardEvent, type MouseEvent, type RefObject } from 'react';
import { useNavigate } from 'react-router';
import { isTypedCharacter, movedIndex } from '../../lib/grid-keys.ts';
import { isShortcut } from '../../lib/shortcuts.ts';
import { imagePath } from '../../lib/paths.ts';
import type { RepositoryRef } from '../../queries/tags.ts';
import { isMenuKey, openMenuAt } from '../../ui/open-menu-at.ts';
import { useListMotion } from './list-motion.ts';
import type { TagRows, TagView } from './tag-item.ts';
import type { RowState } from './use-row-state.ts';

const ROW_HEIGHT = 28;
const NO_MODIFIERS = { shiftKey: false, ctrlKey: false, metaKey: false };

export type TagGridInput = {
  readonly scrollRef: RefObject<HTMLDivElement | null>;
  readonly registryRef: RepositoryRef;
  readonly rows: TagRows;
  readonly view: TagView;
  /** More names are on their way. */
  readonly isGrowing: boolean;
  readonly state: RowState;
  readonly onType: (character: string) => void;
  /** Ctrl+C on the rows. */
  readonly onCopy: () => void;
};

/** Ctrl+C where no text is selected: then the browser copies that. */
function isCopyKey(event: KeyboardEvent): boolean {
  const isText = window.getSelection()?.isCollapsed === false;
  return isShortcut(event, 'mark') && !isText;
}

/** The row a click fell into; none for a link, button or checkbox, which have their own answer. */
function clickedIndex({ target }: MouseEvent): number | undefined {
  if (!(target instanceof Element) || target.closest('a, button, input') !== null) return undefined;
  return rowIndexOf(target);
}

function rowIndexOf(target: EventTarget): number | undefined {
  const index = target instanceof Element ? target.closest('[data-index]')?.getAttribute('data-index') : undefined;
  return index === undefined || index === null ? undefined : Number(index);
}

function withActive(indexes: readonly number[], active: number): number[] {
  return active === -1 || indexes.includes(active) ? [...indexes] : [...indexes, active].sort((a, b) => a - b);
}

/** What the grid shows of its rows, and what keys and clicks do. */
export function useTagGrid({ scrollRef, registryRef, rows, view, isGrowing, state, onType, onCopy }: TagGridInput) {
  'use no memo';
  const navigate = useNavigate();
  const motion = useListMotion(isGrowing);
  const { keys } = rows;
  const virtualizer = useVirtualizer({
    count: keys.length,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 6,
    // The sticky header covers the first row's height.
    scrollPaddingStart: ROW_HEIGHT,
    observeElementOffset: motion.observe,
    // The active row is always drawn, so that aria-activedescendant always names something.
    rangeExtractor: (range) => withActive(defaultRangeExtractor(range), state.activeIndex),
  });
  useEffect(() => {
    scrollRef.current?.scrollTo({ top: 0 });
  }, [scrollRef, view]);
  const open = (index: number) => {
    const item = rows.at(index);
    if (item !== undefined) void navigate(imagePath({ ...registryRef, reference: item.tag }));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const page = Math.floor((scrollRef.current?.clientHeight ?? 0) / ROW_HEIGHT) - 2;
    const moved = movedIndex(event.key, state.activeIndex, keys.length, page);
    if (moved !== undefined) {
      state.activate(moved, { ...NO_MODIFIERS, shiftKey: event.shiftKey });
      virtualizer.scrollToIndex(moved);
    } else if (isMenuKey(event)) openMenuAt(document.getElementById(rowId(state.activeIndex)));
    else if (isShortcut(event, 'open-row')) open(state.activeIndex);
    else if (isCopyKey(event)) onCopy();
    else if (isTypedCharacter(event)) onType(event.key);
    else if (!state.onKey(event)) return;
    event.preventDefault();
  };
  const virtualRows = virtualizer.getVirtualItems().flatMap(({ index, start }) => {
    const item = rows.at(index);
    return item === undefined ? [] : [{ item, index, top: start, id: rowId(index) }];
  });
  return {
    virtualRows,
    isRacing: motion.isRacing(),
    /** For rows: when they may ask for what they show. */
    rest: motion.rest,
    height: virtualizer.getTotalSize(),
    activeId: virtualRows.find(({ index }) => index === state.activeIndex)?.id,
    onKeyDown,
    onClick: (event: MouseEvent) => {
      const index = clickedIndex(event);
      if (index !== undefined) state.activate(index, event);
    },
    /** The menu is of the row under the pointer, so that row becomes the active one first. */
    onContextMenu: (event: MouseEvent) => {
      const index = rowIndexOf(event.target);
      if (index !== undefined) state.activate(index, NO_MODIFIERS);
    },
    onDoubleClick: (event: MouseEvent) => {
      const index = clickedIndex(event);
      if (index !== undefined) open(index);
    },
  };
}

function rowId(index: number): string {
  return `tag-row-${index}`;
}
