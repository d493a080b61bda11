import { cx } from '../../ui/cx.ts';
import css from './tag-grid.module.css';
import type { TagView } from './tag-item.ts';

export type TagGridHeaderProps = {
  readonly view: TagView;
  readonly ticked: 'all' | 'some' | 'none';
  readonly onToggleAll: () => void;
};

export function TagGridHeader({ view, ticked, onToggleAll }: TagGridHeaderProps) {
  return (
    <div role="rowgroup" className={css['head']}>
      <div role="row" aria-rowindex={1} className={cx(css['row'], css['headRow'])}>
        <div role="columnheader" className={css['tick']}>
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label="Select all rows"
            checked={ticked === 'all'}
            ref={(input) => {
              if (input !== null) input.indeterminate = ticked === 'some';
            }}
            onChange={onToggleAll}
          />
        </div>
        <div role="columnheader">{view === 'tags' ? 'Tag' : 'Tags'}</div>
        <div role="columnheader">Platforms</div>
        <div role="columnheader" className={css['number']}>
          Size
        </div>
        <div role="columnheader">Created</div>
        <div role="columnheader" className={css['digestCell']}>
          Digest
        </div>
        <div role="columnheader" className={css['kindCell']}>
          Kind
        </div>
      </div>
    </div>
  );
}
