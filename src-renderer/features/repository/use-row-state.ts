import { useMemo, useState, type KeyboardEvent } from 'react';
import { extendRows, NO_ROWS, toggleAllRows, toggleRow } from '../../lib/row-selection.ts';
import { isShortcut } from '../../lib/shortcuts.ts';
import type { RepositoryRef } from '../../queries/tags.ts';
import { useSelection } from '../../state/selection.ts';
import type { TagRows } from './tag-item.ts';
import { useSelectionTotals } from './use-selection-totals.ts';

export type Modifiers = Pick<KeyboardEvent, 'shiftKey' | 'ctrlKey' | 'metaKey'>;

/** The active row, the ticked rows, and the keys that change them. Stays true to keys when rows move. */
export function useRowState(registryRef: RepositoryRef, rows: TagRows) {
  const [activeKey, setActiveKey] = useState<string | undefined>(undefined);
  const [selection, setSelection] = useState(NO_ROWS);
  const select = useSelection((state) => state.select);
  const order = rows.keys;
  const activeIndex = useMemo(() => (activeKey === undefined ? -1 : order.indexOf(activeKey)), [order, activeKey]);
  useSelectionTotals(registryRef, rows, selection.keys);
  const activate = (index: number, modifiers: Modifiers) => {
    const item = rows.at(index);
    if (item === undefined) return;
    setActiveKey(item.key);
    select({ kind: 'tag', ...registryRef, tag: item.tag, digest: item.digest });
    const anchored =
      selection.anchor === undefined && activeKey !== undefined ? { ...selection, anchor: activeKey } : selection;
    if (modifiers.shiftKey) setSelection(extendRows(anchored, order, item.key));
    else if (modifiers.ctrlKey || modifiers.metaKey) setSelection(toggleRow(selection, item.key));
  };
  const toggle = (key: string) => {
    setSelection(toggleRow(selection, key));
  };
  const toggleAll = () => {
    setSelection(toggleAllRows(selection, order));
  };
  /** True when the key changed what is ticked. */
  const onKey = (event: KeyboardEvent): boolean => {
    if (isShortcut(event, 'tick') && activeIndex !== -1) toggle(order[activeIndex] ?? '');
    else if (isShortcut(event, 'tick-all')) toggleAll();
    else if (isShortcut(event, 'untick-all') && selection.keys.size > 0) setSelection(NO_ROWS);
    else return false;
    return true;
  };
  const isAll = useMemo(
    // Fewer ticks than rows is the common case, and told without looking at every row.
    () => order.length > 0 && order.length <= selection.keys.size && order.every((key) => selection.keys.has(key)),
    [order, selection.keys],
  );
  const tickedState: 'all' | 'some' | 'none' = isAll ? 'all' : selection.keys.size > 0 ? 'some' : 'none';
  return { activeIndex, ticked: selection.keys, tickedState, activate, toggle, toggleAll, onKey };
}

export type RowState = ReturnType<typeof useRowState>;
