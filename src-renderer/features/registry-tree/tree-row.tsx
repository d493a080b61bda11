import { memo, useRef, type RefObject } from 'react';
import { displayText } from '#shared/oci/display-text.ts';
import { rowLabel } from '../../lib/tree-keys.ts';
import { sourceReference } from '../../lib/copy-sources.ts';
import type { TreeRow as Row } from '../../lib/tree-rows.ts';
import { hostOf } from '../../queries/known-image.ts';
import { useMoving } from '../../state/moving.ts';
import { cx } from '../../ui/cx.ts';
import { ChevronRightIcon, StarIcon } from '../../ui/icons.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { useDraggable } from '../../ui/use-draggable.ts';
import { RowIcon } from './row-icon.tsx';
import { rowSources } from './row-sources.ts';
import { StatusRow } from './status-row.tsx';
import css from './tree.module.css';
import type { DropLook } from './use-tree-drop.ts';

export const ROW_HEIGHT = 28;
const TALL_ROW_HEIGHT = 48;

/** Error rows have a second line: what mends them. */
export function rowHeight(row: Row | undefined): number {
  return row?.kind === 'error' || row?.kind === 'no-catalog' ? TALL_ROW_HEIGHT : ROW_HEIGHT;
}

export type TreeRowProps = {
  readonly row: Row;
  readonly domId: string;
  /** The row the keys act on. */
  readonly isActive: boolean;
  /** The row whose page is shown. */
  readonly isCurrent: boolean;
  readonly top: number;
  /** While something is dragged: whether it can be dropped here, and is about to. */
  readonly drop: DropLook | undefined;
};

function Name({ row }: { readonly row: Row }) {
  if (row.kind === 'favourites') return 'Favourites';
  if (row.kind === 'registry') return <SafeText text={row.registry.label} />;
  if (row.kind === 'tag') return <SafeText text={row.tag} />;
  return 'name' in row ? <SafeText text={row.name} /> : null;
}

function Twisty({ row }: { readonly row: Row }) {
  if (!('open' in row)) return <span className={css['noTwisty']} />;
  return (
    <span className={css['twisty']} data-twisty data-open={row.open || undefined}>
      <ChevronRightIcon size={14} aria-hidden />
    </span>
  );
}

function Content({ row }: { readonly row: Row }) {
  if ('of' in row) return <StatusRow row={row} />;
  const isStarred = row.kind === 'repository' && row.pinned && !row.id.startsWith('favourite');
  return (
    <>
      <RowIcon row={row} />
      <span className={css['label']} title={displayText(rowLabel(row))}>
        <Name row={row} />
      </span>
      {isStarred && <StarIcon size={12} aria-label="favourite" className={css['star']} />}
    </>
  );
}

/** Folders, repositories and tags can be taken elsewhere; all rows are told, so that none drags as text. */
function useRowDrag(ref: RefObject<HTMLDivElement | null>, row: Row): void {
  useDraggable(ref, {
    canDrag: () => rowSources(row).length > 0,
    onStart: () => {
      useMoving.getState().startDrag(rowSources(row));
    },
    text: () =>
      rowSources(row)
        .map((source) => displayText(sourceReference(source, hostOf(source.registryId))))
        .join('\n'),
  });
}

/** One line of the tree: drawn from its row alone, so it can come and go with scrolling. The tree handles its events. */
export const TreeRow = memo(function TreeRow({ row, domId, isActive, isCurrent, top, drop }: TreeRowProps) {
  const ref = useRef<HTMLDivElement>(null);
  useRowDrag(ref, row);
  return (
    <div
      ref={ref}
      id={domId}
      // Not focusable itself: a press on it gives the focus to the tree, and may begin a drag.
      role="treeitem"
      aria-level={row.level}
      aria-posinset={row.posInSet}
      aria-setsize={row.setSize}
      aria-expanded={'open' in row ? row.open : undefined}
      aria-selected={isCurrent}
      aria-current={isCurrent ? 'location' : undefined}
      aria-busy={row.kind === 'loading' || undefined}
      data-row={row.id}
      data-kind={row.kind}
      data-active={isActive || undefined}
      data-drop={drop}
      className={cx(css['row'], row.kind === 'registry' && css['registry'])}
      style={{ transform: `translateY(${top}px)`, height: rowHeight(row), paddingLeft: 4 + (row.level - 1) * 14 }}
    >
      <Twisty row={row} />
      <Content row={row} />
    </div>
  );
});
