import type { RefObject } from 'react';
import { FilterField } from '../../ui/filter-field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Select } from '../../ui/select.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';
import css from './repository.module.css';
import type { TagOrder, TagView } from './tag-item.ts';
import { isShortcut } from '../../lib/shortcuts.ts';

export type TagToolbarProps = {
  readonly filterRef: RefObject<HTMLInputElement | null>;
  readonly filterText: string;
  readonly filterError: string | undefined;
  readonly onFilter: (text: string) => void;
  readonly onLeaveFilter: () => void;
  readonly order: TagOrder;
  readonly onOrder: (order: TagOrder) => void;
  readonly view: TagView;
  readonly onView: (view: TagView) => void;
};

const ORDERS = [
  { value: 'natural', label: 'Name' },
  { value: 'semver', label: 'Version, newest first' },
  { value: 'date', label: 'Date, newest first' },
] as const;

const VIEWS = [
  { value: 'tags', label: 'Tags' },
  { value: 'digests', label: 'Digests' },
] as const;

export function TagToolbar(props: TagToolbarProps) {
  const { filterRef, filterText, filterError, onFilter, onLeaveFilter, order, onOrder, view, onView } = props;
  return (
    <Toolbar label="Tag table">
      <FilterField
        ref={filterRef}
        label="Filter tags"
        placeholder="Filter: text, /pattern/ or sha256:…"
        value={filterText}
        onChange={onFilter}
        aria-invalid={filterError !== undefined}
        aria-describedby={filterError === undefined ? undefined : 'tag-filter-error'}
        className={css['filter']}
        onKeyDown={(event) => {
          if (!isShortcut(event, 'leave-filter')) return;
          event.preventDefault();
          onLeaveFilter();
        }}
      />
      {filterError !== undefined && (
        <span id="tag-filter-error" role="alert" className={css['filterError']}>
          Not a pattern yet
        </span>
      )}
      <span className={css['spring']} />
      <Select label="Order" value={order} options={ORDERS} onChange={onOrder} className={css['order']} />
      <Segmented label="Rows" value={view} options={VIEWS} onChange={onView} />
    </Toolbar>
  );
}
