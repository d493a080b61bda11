import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, type KeyboardEvent, type MouseEvent, type RefObject } from 'react';
import { sideMove } from '../../lib/file-tree.ts';
import { isTypedCharacter, movedIndex } from '../../lib/grid-keys.ts';
import { isMenuKey, openMenuAt } from '../../ui/open-menu-at.ts';
import type { FileSource } from './use-file-source.ts';
import { isShortcut } from '../../lib/shortcuts.ts';

const ROW_HEIGHT = 26;

export type FileGridInput = {
  readonly scrollRef: RefObject<HTMLDivElement | null>;
  readonly source: FileSource;
  /** The path the keys are at, and what was chosen: the same thing here, as in a file manager. */
  readonly selected: string | undefined;
  readonly onSelect: (path: string) => void;
  /** Enter or a double click on something that is no directory. */
  readonly onOpen: (path: string) => void;
  /** A character typed into the table: a search begins. */
  readonly onType: (character: string) => void;
};

function rowIndexOf({ target }: MouseEvent): number | undefined {
  const text = target instanceof Element ? target.closest('[data-index]')?.getAttribute('data-index') : undefined;
  return text === undefined || text === null ? undefined : Number(text);
}

function isTwisty({ target }: MouseEvent): boolean {
  return target instanceof Element && target.closest('[data-twisty]') !== null;
}

/** The lines in view, and the one the keys are at, which is always drawn so that it can be named. */
function useLines({ scrollRef, source: { tree, want } }: FileGridInput, active: number) {
  'use no memo';
  const virtualizer = useVirtualizer({
    count: tree.length,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 10,
    scrollPaddingStart: ROW_HEIGHT,
    rangeExtractor: (range) =>
      [...new Set([...defaultRangeExtractor(range), Math.max(0, active)])]
        .filter((index) => index < range.count)
        .toSorted((a, b) => a - b),
  });
  const lines = virtualizer.getVirtualItems().flatMap(({ index, start }) => {
    const line = tree.lineAt(index);
    return line === undefined ? [] : [{ line, index, top: start, id: rowId(index) }];
  });
  useEffect(() => {
    for (const { line } of lines) if (line.kind === 'pending') want({ directory: line.directory, page: line.page });
  });
  return { virtualizer, lines };
}

/** What can be done with the line at an index. */
function actionsOf(input: FileGridInput, scroll: (index: number) => void) {
  const { source, selected, onSelect, onOpen } = input;
  const { tree } = source;
  const toggle = (path: string) => {
    source.toggle?.(path);
    // What goes out of sight with its directory is not where the keys can be.
    if (selected?.startsWith(`${path}/`) === true) onSelect(path);
  };
  const goTo = (index: number) => {
    const line = tree.lineAt(index);
    if (line?.kind === 'entry') onSelect(line.row.path);
    scroll(index);
  };
  const openAt = (index: number) => {
    const line = tree.lineAt(index);
    if (line?.kind !== 'entry') return;
    if (line.isOpen !== undefined && source.toggle !== undefined) toggle(line.row.path);
    else onOpen(line.row.path);
  };
  const sideways = (index: number, key: string): boolean => {
    if (source.toggle === undefined || (key !== 'ArrowLeft' && key !== 'ArrowRight')) return false;
    const move = sideMove(tree, index, key);
    if (move.kind === 'focus') goTo(move.index);
    if (move.kind === 'toggle') toggle(move.path);
    return true;
  };
  return { goTo, openAt, sideways };
}

/** What the grid shows of its lines, and what keys and clicks do. Spec: WAI-ARIA APG, "Treegrid Pattern". */
export function useFileGrid(input: FileGridInput) {
  'use no memo';
  const { scrollRef, source, selected, onType } = input;
  const active = (selected === undefined ? undefined : source.tree.indexOf(selected)) ?? -1;
  const { virtualizer, lines } = useLines(input, active);
  const { goTo, openAt, sideways } = actionsOf(input, (index) => {
    virtualizer.scrollToIndex(index, { align: 'auto' });
  });
  const act = (event: KeyboardEvent): boolean => {
    const page = Math.floor((scrollRef.current?.clientHeight ?? 0) / ROW_HEIGHT) - 2;
    const moved = movedIndex(event.key, active, source.tree.length, page);
    if (moved !== undefined) goTo(moved);
    else if (isShortcut(event, 'open-row') || isShortcut(event, 'show-row')) openAt(active);
    else if (isMenuKey(event)) openMenuAt(document.getElementById(rowId(active)));
    else if (isTypedCharacter(event)) onType(event.key);
    else return sideways(active, event.key);
    return true;
  };
  return {
    lines,
    active,
    height: virtualizer.getTotalSize(),
    activeId: lines.find(({ index }) => index === active)?.id,
    scrollTo: (index: number) => {
      virtualizer.scrollToIndex(index, { align: 'center' });
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.target === event.currentTarget && act(event)) event.preventDefault();
    },
    ...pointerHandlers(goTo, openAt),
  };
}

/** A click chooses, the twisty and a double click open. */
function pointerHandlers(goTo: (index: number) => void, openAt: (index: number) => void) {
  return {
    onClick: (event: MouseEvent) => {
      const index = rowIndexOf(event);
      if (index === undefined) return;
      goTo(index);
      if (isTwisty(event)) openAt(index);
    },
    onDoubleClick: (event: MouseEvent) => {
      const index = rowIndexOf(event);
      if (index !== undefined && !isTwisty(event)) openAt(index);
    },
    onContextMenu: (event: MouseEvent) => {
      const index = rowIndexOf(event);
      if (index !== undefined) goTo(index);
    },
  };
}

/** The element of a line. */
export function rowId(index: number): string {
  return `file-row-${index}`;
}
