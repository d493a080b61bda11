import { useEffect, useState } from 'react';
import { formatCount } from '../../lib/format-bytes.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import type { useTagPages } from '../../queries/tags.ts';
import { useErrorActions } from '../../state/use-error-actions.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import css from './repository.module.css';
import type { TagView } from './tag-item.ts';

export type TagFooterProps = {
  readonly pages: ReturnType<typeof useTagPages>;
  readonly registryId: string;
  readonly loadedCount: number;
  readonly shownCount: number;
  readonly view: TagView;
  readonly isFiltered: boolean;
  readonly undecidedCount: number;
};

function plural(count: number, one: string): string {
  return `${formatCount(count)} ${one}${count === 1 ? '' : 's'}`;
}

function summaryText({ pages, loadedCount, shownCount, view, isFiltered, undecidedCount }: TagFooterProps): string {
  const loaded = pages.hasNextPage
    ? `${plural(loadedCount, 'tag')} loaded, the registry has more`
    : plural(loadedCount, 'tag');
  const shown = view === 'digests' ? plural(shownCount, 'row') : formatCount(shownCount);
  const parts = [isFiltered || view === 'digests' ? `${shown} of ${loaded}` : loaded];
  const dropped = pages.data?.pages.reduce((sum, page) => sum + page.droppedCount, 0) ?? 0;
  if (undecidedCount > 0) parts.push(`${plural(undecidedCount, 'tag')} not looked at: digest not loaded yet`);
  if (dropped > 0) parts.push(`${formatCount(dropped)} left out: not valid tag names`);
  return parts.join(' · ');
}

/** How much of the list this is. A page is never shown as the whole. */
export function TagFooter(props: TagFooterProps) {
  const { pages, registryId } = props;
  const { hasNextPage, isFetchingNextPage, isError, fetchNextPage } = pages;
  const [loadAll, setLoadAll] = useState(false);
  useEffect(() => {
    if (loadAll && hasNextPage && !isFetchingNextPage && !isError) void fetchNextPage();
  }, [loadAll, hasNextPage, isFetchingNextPage, isError, fetchNextPage]);
  const actions = useErrorActions(registryId, () => {
    void (hasNextPage ? fetchNextPage() : pages.refetch());
  });
  const isLoadingAll = loadAll && hasNextPage && !isError;
  return (
    <footer className={css['footer']}>
      {pages.error !== null && <ErrorState compact error={appErrorOf(pages.error)} actions={actions} />}
      <div className={css['footerLine']}>
        <span role="status">{summaryText(props)}</span>
        <span className={css['spring']} />
        {hasNextPage && (
          <>
            <Button size="sm" busy={isFetchingNextPage && !isLoadingAll} onClick={() => void fetchNextPage()}>
              Load more
            </Button>
            <Button
              size="sm"
              variant="ghost"
              onClick={() => {
                setLoadAll(!isLoadingAll);
              }}
            >
              {isLoadingAll ? 'Stop loading' : 'Load all'}
            </Button>
          </>
        )}
      </div>
    </footer>
  );
}
