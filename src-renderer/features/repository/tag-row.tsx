import { memo } from 'react';
import { Link } from 'react-router';
import { imagePath } from '../../lib/paths.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import { useTagSummary, type RepositoryRef } from '../../queries/tags.ts';
import { cx } from '../../ui/cx.ts';
import { SafeText } from '../../ui/safe-text.tsx';
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
  readonly ticked: boolean;
  readonly onToggle: (key: string) => void;
};

/** One row. It asks for its summary while it is on screen and stops when it scrolls away. */
export const TagRow = memo(function TagRow(props: TagRowProps) {
  const { id, registryRef, item, view, index, top, active, ticked, onToggle } = props;
  const summary = useTagSummary(registryRef, item.tag);
  const label = item.tags.join(', ');
  return (
    <div
      id={id}
      role="row"
      tabIndex={-1}
      data-index={index}
      aria-rowindex={index + 2}
      aria-selected={ticked}
      className={cx(css['row'], css['tagRow'], active && css['active'], ticked && css['ticked'])}
      style={{ transform: `translateY(${top}px)` }}
    >
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
        <Link tabIndex={-1} to={imagePath({ ...registryRef, reference: item.tag })} className={css['link']}>
          <SafeText text={item.tag} />
        </Link>
        {view === 'digests' && item.tags.length > 1 && <Siblings tags={item.tags.slice(1)} />}
      </div>
      {summary.data !== undefined && <SummaryCells summary={summary.data} />}
      {summary.data === undefined && summary.error !== null && (
        <ErrorCells error={appErrorOf(summary.error)} onRetry={() => void summary.refetch()} />
      )}
      {summary.data === undefined && summary.error === null && <WaitingCells />}
    </div>
  );
});

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
