import { useMemo, useRef, useState } from 'react';
import { formatCount } from '../../lib/format-bytes.ts';
import { useSetSettings, useSettings } from '../../queries/settings.ts';
import type { RepositoryRef, useTagPages } from '../../queries/tags.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FilterIcon } from '../../ui/icons.ts';
import { DateProgressBar, DigestProgressBar } from './progress-bars.tsx';
import { TagFooter } from './tag-footer.tsx';
import { TagGrid } from './tag-grid.tsx';
import type { TagView } from './tag-item.ts';
import { TagToolbar } from './tag-toolbar.tsx';
import { useTagItems } from './use-tag-items.ts';

export type TagTableProps = {
  readonly registryRef: RepositoryRef;
  readonly pages: ReturnType<typeof useTagPages>;
};

/** Toolbar, table and footer: the names that are loaded, in the order and grouping chosen. */
export function TagTable({ registryRef, pages }: TagTableProps) {
  const [view, setView] = useState<TagView>('tags');
  const [filterText, setFilterText] = useState('');
  const filterRef = useRef<HTMLInputElement>(null);
  const gridRef = useRef<HTMLDivElement>(null);
  const settings = useSettings();
  const setSettings = useSetSettings();
  const order = settings.data?.tagOrder ?? 'natural';
  const { data } = pages;
  const tags = useMemo(() => [...new Set(data?.pages.flatMap((page) => page.tags))], [data]);
  const rows = useTagItems(registryRef, tags, { view, order, filterText });
  return (
    <>
      <TagToolbar
        filterRef={filterRef}
        filterText={filterText}
        filterError={rows.filter.kind === 'invalid' ? rows.filter.reason : undefined}
        onFilter={setFilterText}
        onLeaveFilter={() => gridRef.current?.focus()}
        order={order}
        onOrder={(tagOrder) => {
          setSettings.mutate({ tagOrder });
        }}
        view={view}
        onView={setView}
      />
      {rows.dates !== undefined && <DateProgressBar {...rows.dates.progress} undatedCount={rows.dates.undatedCount} />}
      {rows.digests !== undefined && (
        <DigestProgressBar {...rows.digests.progress} error={rows.digests.error} onRetry={rows.digests.again} />
      )}
      <TagGrid
        ref={gridRef}
        registryRef={registryRef}
        items={rows.items}
        view={view}
        onType={(character) => {
          setFilterText((text) => text + character);
          filterRef.current?.focus();
        }}
        empty={filterText !== '' && <NoMatch hasMore={pages.hasNextPage} loadedCount={tags.length} />}
      />
      <TagFooter
        pages={pages}
        registryRef={registryRef}
        loadedCount={tags.length}
        shownCount={rows.items.length}
        view={view}
        isFiltered={rows.filter.kind !== 'all'}
        undecidedCount={rows.undecidedCount}
      />
    </>
  );
}

function NoMatch({ hasMore, loadedCount }: { readonly hasMore: boolean; readonly loadedCount: number }) {
  return (
    <EmptyState icon={FilterIcon} title="No tag matches">
      {hasMore
        ? 'Only the tags loaded so far were searched; the registry has more.'
        : `Looked at all ${formatCount(loadedCount)} tags.`}
    </EmptyState>
  );
}
