import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, type Ref, type RefObject } from 'react';
import type { FoundDescriptor } from '../../lib/json-descriptors.ts';
import { rowOfMatch, type Match } from '../../lib/find-in-rows.ts';
import type { WrappedRow } from '../../lib/wrap-lines.ts';
import { RawRow } from './raw-row.tsx';
import type { RawViewerPlace } from './raw-place.ts';
import css from './raw.module.css';

const ROW_HEIGHT = 20;

export type RawLinesProps = {
  readonly ref: RefObject<HTMLDivElement | null>;
  readonly place: RawViewerPlace;
  readonly rows: readonly WrappedRow[];
  readonly matches: readonly Match[];
  readonly current: Match | undefined;
  readonly descriptors: ReadonlyMap<string, FoundDescriptor>;
  /** Digits of the highest line number. */
  readonly numberColumns: number;
};

function matchesByLine(matches: readonly Match[]): ReadonlyMap<number, readonly Match[]> {
  const byLine = new Map<number, Match[]>();
  for (const match of matches) {
    const known = byLine.get(match.line);
    if (known === undefined) byLine.set(match.line, [match]);
    else known.push(match);
  }
  return byLine;
}

const NO_MATCHES: readonly Match[] = [];

/** The rows in sight of a document of any length. */
export function RawLines({ ref, place, rows, matches, current, descriptors, numberColumns }: RawLinesProps) {
  'use no memo';
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => ref.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 20,
  });
  useEffect(() => {
    if (current !== undefined) virtualizer.scrollToIndex(rowOfMatch(rows, current), { align: 'auto' });
  }, [virtualizer, rows, current]);
  const byLine = matchesByLine(matches);
  return (
    <Scroller ref={ref}>
      <div className={css['rows']} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          return (
            <RawRow
              key={index}
              row={row}
              top={start}
              numberColumns={numberColumns}
              place={place}
              descriptors={descriptors}
              matches={byLine.get(row.line) ?? NO_MATCHES}
              current={current?.line === row.line ? current : undefined}
            />
          );
        })}
      </div>
    </Scroller>
  );
}

type ScrollerProps = { readonly ref: Ref<HTMLDivElement>; readonly children: React.ReactNode };

/** Like an editor that cannot be written in: it takes the focus, so that keys scroll it. */
function Scroller({ ref, children }: ScrollerProps) {
  return (
    <div
      ref={ref}
      role="textbox"
      aria-label="Document"
      aria-readonly
      aria-multiline
      tabIndex={0}
      className={css['lines']}
    >
      {children}
    </div>
  );
}
