import { useState } from 'react';
import { formatCount } from '../../lib/format-bytes.ts';
import { registryErrorActions } from '../../state/registry-actions.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { FilterField } from '../../ui/filter-field.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { RefreshIcon, RepositoryIcon } from '../../ui/icons.ts';
import { OfflineNote } from '../../ui/offline-note.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';
import { WarningList } from '../../ui/warning-list.tsx';
import { RepositoryRows } from './repository-rows.tsx';
import css from './registry.module.css';
import { useRepositoryNames, type RepositoryNames } from './use-repository-names.ts';

export type RepositoryListProps = { readonly registryId: string };

const SKELETONS = ['38%', '27%', '44%', '31%', '23%', '36%'] as const;

function Loading() {
  return (
    <ul aria-busy aria-label="Loading repositories" className={css['rows']}>
      {SKELETONS.map((width) => (
        <li key={width} className={css['row']}>
          <Skeleton width={width} />
        </li>
      ))}
    </ul>
  );
}

/** What the list covers: a page is never shown as if it were the whole. */
function Footer({ list, shown }: { readonly list: RepositoryNames; readonly shown: number }) {
  if (list.names.length === 0) return null;
  const { whole } = list;
  const matching = shown === list.names.length ? '' : `${formatCount(shown)} of `;
  return (
    <div className={css['footer']}>
      <span>
        {matching}
        {formatCount(list.names.length)} {list.hasMore ? 'loaded, there are more' : 'repositories'}
        {list.droppedCount > 0 && ` · ${formatCount(list.droppedCount)} malformed names left out`}
      </span>
      {list.hasMore && (
        <>
          <Button size="sm" busy={list.isLoadingMore && !whole.isLoadingAll} onClick={list.loadMore}>
            Load more
          </Button>
          <Button size="sm" variant="ghost" onClick={whole.isLoadingAll ? whole.stop : whole.loadAll}>
            {whole.isLoadingAll ? 'Stop loading' : 'Load all'}
          </Button>
        </>
      )}
    </div>
  );
}

function Body({
  list,
  names,
  registryId,
}: { readonly list: RepositoryNames; readonly names: readonly string[] } & RepositoryListProps) {
  if (list.isLoading) return <Loading />;
  if (list.names.length === 0 && list.error === undefined) {
    return (
      <EmptyState icon={RepositoryIcon} title="No repositories">
        The registry answers, and shows nothing to this account. Push something, sign in, or pin a repository by name.
      </EmptyState>
    );
  }
  if (names.length === 0 && list.names.length > 0) {
    return (
      <EmptyState icon={RepositoryIcon} title="Nothing matches">
        {list.hasMore
          ? 'Only what is loaded is searched, and there is more.'
          : 'No repository here has that in its name.'}
      </EmptyState>
    );
  }
  return <RepositoryRows registryId={registryId} names={names} pinned={list.pinned} />;
}

/** The catalog of one registry, with a filter over what is loaded. */
export function RepositoryList({ registryId }: RepositoryListProps) {
  const list = useRepositoryNames(registryId);
  const [filter, setFilter] = useState('');
  const wanted = filter.trim().toLowerCase();
  const names = wanted === '' ? list.names : list.names.filter((name) => name.includes(wanted));
  return (
    <section aria-label="Repositories" className={css['section']}>
      <Toolbar label="Repositories">
        <FilterField label="Filter repositories" value={filter} onChange={setFilter} className={css['filter']} />
        <IconButton label="Refresh" icon={RefreshIcon} onClick={list.refresh} />
      </Toolbar>
      <OfflineNote offline={list.offline} onRetry={list.refresh} />
      {list.warnings.length > 0 && (
        <div className={css['warnings']}>
          <WarningList warnings={list.warnings} />
        </div>
      )}
      {list.error !== undefined && (
        <ErrorState
          compact={list.names.length > 0}
          error={list.error}
          actions={registryErrorActions(registryId, list.retry)}
        />
      )}
      <Body list={list} names={names} registryId={registryId} />
      <Footer list={list} shown={names.length} />
    </section>
  );
}
