import { displayText } from '#shared/oci/display-text.ts';
import { memo, useDeferredValue, useRef, useState, type RefObject } from 'react';
import { Link } from 'react-router';
import { sourceReference, type CopySource } from '../../lib/copy-sources.ts';
import { imagePath } from '../../lib/paths.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import { hostOf } from '../../queries/known-image.ts';
import { type RepositoryRef, useAskSummaryAgain, useTagSummary } from '../../queries/tags.ts';
import { useMoving } from '../../state/moving.ts';
import { cx } from '../../ui/cx.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { useDraggable } from '../../ui/use-draggable.ts';
import { ErrorCells, SummaryCells, WaitingCells } from './tag-cells.tsx';
import css from './tag-grid.module.css';
import type { TagItem, TagView } from './tag-item.ts';

export type TagRowProps = {
  readonly id: string;
  readonly registryRef: RepositoryRef;
  readonly item: TagItem;
  readonly view: TagView;
  readonly index: number;
  readonly top: number;
  readonly active: boolean;
  /** The list races past: a row that comes into view now is gone with the next frame. */
  readonly passing: boolean;
  /** Resolves when a row may ask for its summary. */
  readonly rest: (signal: AbortSignal) => Promise<void>;
  readonly ticked: boolean;
  /** What is held over it can be compared with it. */
  readonly isDropTarget: boolean;
  readonly onToggle: (key: string) => void;
  /** What is dragged by this row: all ticked rows when it is one of them. */
  readonly sourcesOf: (item: TagItem) => readonly CopySource[];
};

function useRowDrag(ref: RefObject<HTMLDivElement | null>, sources: () => readonly CopySource[]): void {
  useDraggable(ref, {
    canDrag: () => true,
    onStart: () => {
      useMoving.getState().startDrag(sources());
    },
    text: () =>
      sources()
        .map((source) => displayText(sourceReference(source, hostOf(source.registryId))))
        .join('\n'),
  });
}

/** True once the row rests in view; forty rows that come to rest at once are not made in one go. */
function useRested(isPassing: boolean): boolean {
  const passing = useDeferredValue(isPassing);
  const [rested, setRested] = useState(!passing);
  if (!passing && !rested) setRested(true);
  return rested;
}

/** One row. It has its cells, and asks for its summary, once it rests on screen; it stops when it scrolls away. */
export const TagRow = memo(function TagRow(props: TagRowProps) {
  const { id, item, index, top, active, passing, ticked, isDropTarget } = props;
  const rested = useRested(passing);
  const ref = useRef<HTMLDivElement>(null);
  useRowDrag(ref, () => props.sourcesOf(item));
  return (
    <div
      ref={ref}
      id={id}
      role="row"
      tabIndex={-1}
      data-index={index}
      data-tag={item.tag}
      data-drop={isDropTarget ? 'over' : undefined}
      aria-rowindex={index + 2}
      aria-selected={ticked}
      className={cx(css['row'], css['tagRow'], active && css['active'], ticked && css['ticked'])}
      style={{ transform: `translateY(${top}px)` }}
    >
      {rested ? <Cells {...props} /> : <PassingCell tag={item.tag} />}
    </div>
  );
});

/** All that can be read of a row that flies past; forty of them are made at each frame. */
function PassingCell({ tag }: { readonly tag: string }) {
  return (
    <div role="rowheader" className={cx(css['name'], css['passing'])}>
      <SafeText text={tag} />
    </div>
  );
}

function Cells({ registryRef, item, view, rest, ticked, onToggle }: TagRowProps) {
  const summary = useTagSummary(registryRef, item.tag, rest);
  const askAgain = useAskSummaryAgain(registryRef, item.tag);
  const label = item.tags.join(', ');
  return (
    <>
      <div role="gridcell" className={css['tick']}>
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={`Select ${label}`}
          checked={ticked}
          onChange={() => {
            onToggle(item.key);
          }}
        />
      </div>
      <div role="rowheader" className={css['name']} title={label}>
        <Link
          draggable={false}
          tabIndex={-1}
          to={imagePath({ ...registryRef, reference: item.tag })}
          className={css['link']}
        >
          <SafeText text={item.tag} />
        </Link>
        {view === 'digests' && item.tags.length > 1 && <Siblings tags={item.tags.slice(1)} />}
      </div>
      {summary.data !== undefined && <SummaryCells summary={summary.data} />}
      {summary.data === undefined && summary.error !== null && (
        <ErrorCells error={appErrorOf(summary.error)} onRetry={askAgain} />
      )}
      {summary.data === undefined && summary.error === null && <WaitingCells />}
    </>
  );
}

function Siblings({ tags }: { readonly tags: readonly string[] }) {
  return (
    <span className={css['siblings']}>
      {tags.map((tag) => (
        <span key={tag}>
          {' '}
          <SafeText text={tag} />
        </span>
      ))}
    </span>
  );
}
