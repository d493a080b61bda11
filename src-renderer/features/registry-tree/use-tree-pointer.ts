import type { MouseEvent } from 'react';
import type { TreeRow } from '../../lib/tree-rows.ts';
import { useTreeState } from '../../state/tree-state.ts';

export type TreePointerOptions = {
  readonly rows: readonly TreeRow[];
  /** The row a context menu is for. */
  readonly onPoint: (rowId: string) => void;
  readonly onActivate: (row: TreeRow, keep: boolean) => void;
  readonly onToggle: (row: TreeRow) => void;
};

function closest(event: MouseEvent, selector: string): HTMLElement | null {
  return event.target instanceof Element ? event.target.closest<HTMLElement>(selector) : null;
}

/** Pointer handlers for the tree as a whole: rows are drawn and taken away while one scrolls. */
export function useTreePointer(options: TreePointerOptions) {
  const { rows, onPoint, onActivate, onToggle } = options;
  const focus = useTreeState((state) => state.focus);
  const rowAt = (event: MouseEvent) => {
    const rowId = closest(event, '[data-row]')?.dataset['row'];
    return rows.find((row) => row.id === rowId);
  };
  return {
    onClick: (event: MouseEvent) => {
      const row = rowAt(event);
      if (row === undefined) return;
      focus(row.id);
      if (closest(event, '[data-twisty]') !== null) onToggle(row);
      else onActivate(row, false);
    },
    onDoubleClick: (event: MouseEvent) => {
      const row = rowAt(event);
      const leadsSomewhere = row?.kind === 'registry' || row?.kind === 'repository' || row?.kind === 'tag';
      if (leadsSomewhere && closest(event, '[data-twisty]') === null) onActivate(row, true);
    },
    onContextMenu: (event: MouseEvent) => {
      const row = rowAt(event);
      if (row === undefined) return;
      focus(row.id);
      onPoint(row.id);
    },
  };
}
