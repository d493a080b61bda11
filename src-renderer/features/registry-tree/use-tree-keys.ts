import { useRef, type KeyboardEvent } from 'react';
import { isShortcut } from '../../lib/shortcuts.ts';
import { treeMove, typeAhead } from '../../lib/tree-keys.ts';
import type { TreeRow } from '../../lib/tree-rows.ts';
import { useTreeState } from '../../state/tree-state.ts';
import { isMenuKey } from '../../ui/open-menu-at.ts';

export type TreeKeysOptions = {
  readonly rows: readonly TreeRow[];
  readonly active: number;
  /** How many rows are in view. */
  readonly pageSize: () => number;
  readonly moveTo: (index: number) => void;
  readonly onActivate: (row: TreeRow, keep: boolean) => void;
  readonly onToggle: (row: TreeRow) => void;
  readonly onMenu: (row: TreeRow) => void;
  /** Ctrl+C and Ctrl+V. */
  readonly onCopy: (row: TreeRow) => void;
  readonly onPaste: (row: TreeRow) => void;
};

const TYPE_AHEAD_MS = 700;

function useTypeAhead() {
  const typed = useRef({ text: '', at: 0 });
  const reset = () => {
    typed.current = { text: '', at: 0 };
  };
  const grow = (key: string, now: number): string => {
    const { text, at } = typed.current;
    const grown = now - at > TYPE_AHEAD_MS ? key : `${text}${key}`;
    // The same letter again means the next one that begins with it.
    const next = grown === key.repeat(grown.length) ? key : grown;
    typed.current = { text: next, at: now };
    return next;
  };
  return { grow, reset };
}

/** The key handler of the tree. Spec: WAI-ARIA APG, "Tree View Pattern". */
export function useTreeKeys(options: TreeKeysOptions): (event: KeyboardEvent) => void {
  const { rows, active, pageSize, moveTo, onActivate, onToggle, onMenu } = options;
  const setExpanded = useTreeState((state) => state.setExpanded);
  const { grow, reset } = useTypeAhead();
  const move = (key: string, row: TreeRow): boolean => {
    const step = treeMove(rows, active, key, pageSize());
    if (step.kind === 'none') return false;
    // Whoever moved by another key begins a new word.
    reset();
    if (step.kind === 'focus') moveTo(step.index);
    else if (row.kind === 'favourites') onToggle(row);
    else setExpanded(step.ids, step.kind === 'open');
    return true;
  };
  const act = (event: KeyboardEvent, row: TreeRow): boolean => {
    if (isShortcut(event, 'open-row')) onActivate(row, true);
    else if (isShortcut(event, 'show-row')) onActivate(row, false);
    else if (isMenuKey(event)) onMenu(row);
    else return false;
    return true;
  };
  const type = (event: KeyboardEvent): boolean => {
    if (event.key.length !== 1 || isShortcut(event, 'shortcuts')) return false;
    const found = typeAhead(rows, active, grow(event.key, event.timeStamp));
    if (found !== undefined) moveTo(found);
    return true;
  };
  const clip = (event: KeyboardEvent, row: TreeRow): boolean => {
    if (isShortcut(event, 'mark')) options.onCopy(row);
    else if (isShortcut(event, 'paste')) options.onPaste(row);
    else return false;
    return true;
  };
  return (event) => {
    const row = rows[active];
    if (row === undefined) return;
    if (event.ctrlKey || event.metaKey) {
      if (clip(event, row)) event.preventDefault();
      return;
    }
    if (event.altKey) return;
    if (act(event, row) || move(event.key, row) || type(event)) event.preventDefault();
  };
}
