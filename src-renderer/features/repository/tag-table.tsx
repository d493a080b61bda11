import { useRef, useState } from 'react';
import { formatCount } from '../../lib/format-bytes.ts';
import { namesOfPages } from '../../lib/page-names.ts';
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
  const tags = namesOfPages(pages.data?.pages.map((page) => page.tags) ?? []);
  const shown = useTagItems(registryRef, tags, { view, order, filterText });
  return (
    <>
      <TagToolbar
        filterRef={filterRef}
        filterText={filterText}
        filterError={shown.filter.kind === 'invalid' ? shown.filter.reason : undefined}
        onFilter={setFilterText}
        onLeaveFilter={() => gridRef.current?.focus()}
        order={order}
        onOrder={(tagOrder) => {
          setSettings.mutate({ tagOrder });
        }}
        view={view}
        onView={setView}
      />
      {shown.dates !== undefined && (
        <DateProgressBar {...shown.dates.progress} undatedCount={shown.dates.undatedCount} />
      )}
      {shown.digests !== undefined && (
        <DigestProgressBar {...shown.digests.progress} error={shown.digests.error} onRetry={shown.digests.again} />
      )}
      <TagGrid
        ref={gridRef}
        registryRef={registryRef}
        rows={shown.rows}
        view={view}
        isGrowing={pages.isFetchingNextPage}
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
        shownCount={shown.rows.keys.length}
        view={view}
        isFiltered={shown.filter.kind !== 'all'}
        undecidedCount={shown.undecidedCount}
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
