import type { LogEntry } from '#shared/api/diagnostics.ts';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useEffectEvent, useRef, type RefObject } from 'react';
import { LogRow } from './log-row.tsx';
import css from './log.module.css';

export type LogRowsProps = {
  /** Oldest first. */
  readonly entries: readonly LogEntry[];
  readonly selectedId: number | undefined;
  /** Scrolls with what is added, while the end is in sight. */
  readonly isFollowing: boolean;
  readonly onSelect: (id: number) => void;
};

const ROW = 26;
/** So close to the end counts as being there. */
const NEAR_END = 3 * ROW;
const PAGE = 20;

/** Where a key leads from the entry at `at` (-1 when none is chosen); undefined for keys that lead nowhere. */
function nextIndex(key: string, at: number, count: number): number | undefined {
  const targets = new Map([
    ['ArrowDown', at + 1],
    ['ArrowUp', at === -1 ? count - 1 : at - 1],
    ['PageDown', at + PAGE],
    ['PageUp', at - PAGE],
    ['Home', 0],
    ['End', count - 1],
  ]);
  const target = targets.get(key);
  return target === undefined ? undefined : Math.max(0, Math.min(count - 1, target));
}

/** The entry whose row was clicked; -1 for the space beside the rows. */
function indexAt(target: EventTarget): number {
  const row = target instanceof Element ? target.closest('[data-index]') : null;
  return Number(row?.getAttribute('data-index') ?? -1);
}

/** Keeps the newest entry in sight while the end is. */
function useFollowEnd(
  entries: readonly LogEntry[],
  isFollowing: boolean,
  isAtEnd: RefObject<boolean>,
  scrollTo: (index: number) => void,
): void {
  const show = useEffectEvent(scrollTo);
  const lastId = entries.at(-1)?.id;
  const lastIndex = entries.length - 1;
  useEffect(() => {
    if (isFollowing && isAtEnd.current && lastId !== undefined) show(lastIndex);
  }, [isFollowing, isAtEnd, lastId, lastIndex]);
}

/** The details of what is chosen take room from the list: its row is brought back into what is left. */
function useSelectedInView(selectedId: number | undefined): void {
  useEffect(() => {
    document.getElementById(`log-${selectedId}`)?.scrollIntoView({ block: 'nearest' });
  }, [selectedId]);
}

/** A listbox: arrows choose, and the chosen entry is shown below. Follows https://www.w3.org/WAI/ARIA/apg/patterns/listbox/ */
export function LogRows({ entries, selectedId, isFollowing, onSelect }: LogRowsProps) {
  'use no memo';
  const scroller = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const virtualizer = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    getItemKey: (index) => entries[index]?.id ?? index,
    overscan: 12,
  });
  useFollowEnd(entries, isFollowing, isAtEnd, (index) => {
    virtualizer.scrollToIndex(index, { align: 'end' });
  });
  const choose = (index: number) => {
    const entry = entries[index];
    if (entry === undefined) return;
    onSelect(entry.id);
    virtualizer.scrollToIndex(index, { align: 'auto' });
  };
  const selected = entries.findIndex(({ id }) => id === selectedId);
  useSelectedInView(selectedId);
  return (
    <div
      ref={scroller}
      role="listbox"
      aria-label="Requests and decisions"
      aria-activedescendant={selected === -1 ? undefined : `log-${selectedId}`}
      tabIndex={0}
      className={css['rows']}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        isAtEnd.current = scrollHeight - scrollTop - clientHeight < NEAR_END;
      }}
      onClick={(event) => {
        choose(indexAt(event.target));
      }}
      onKeyDown={(event) => {
        const next = nextIndex(event.key, selected, entries.length);
        if (next !== undefined) event.preventDefault();
        choose(next ?? -1);
      }}
    >
      <div style={{ height: virtualizer.getTotalSize() }} className={css['virtual']}>
        {virtualizer.getVirtualItems().map(({ index, start, key }) => {
          const entry = entries[index];
          return entry === undefined ? null : (
            <LogRow
              key={key}
              entry={entry}
              top={start}
              position={index + 1}
              count={entries.length}
              isSelected={index === selected}
            />
          );
        })}
      </div>
    </div>
  );
}
