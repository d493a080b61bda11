import { formatCount } from '../../lib/format-bytes.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import { tagListKey, type RepositoryRef, type useTagPages } from '../../queries/tags.ts';
import { askListAgain, useWholeList } from '../../queries/whole-lists.ts';
import { useErrorActions } from '../../state/use-error-actions.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import css from './repository.module.css';
import type { TagView } from './tag-item.ts';

export type TagFooterProps = {
  readonly pages: ReturnType<typeof useTagPages>;
  readonly registryRef: RepositoryRef;
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
  const { pages, registryRef } = props;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  const whole = useWholeList(tagListKey(registryRef), pages);
  const actions = useErrorActions(registryRef.registryId, () => {
    askListAgain(pages);
  });
  return (
    <footer className={css['footer']}>
      {pages.error !== null && <ErrorState compact error={appErrorOf(pages.error)} actions={actions} />}
      <div className={css['footerLine']}>
        <span role="status">{summaryText(props)}</span>
        <span className={css['spring']} />
        {hasNextPage && (
          <>
            <Button size="sm" busy={isFetchingNextPage && !whole.isLoadingAll} onClick={() => void fetchNextPage()}>
              Load more
            </Button>
            <Button size="sm" variant="ghost" onClick={whole.isLoadingAll ? whole.stop : whole.loadAll}>
              {whole.isLoadingAll ? 'Stop loading' : 'Load all'}
            </Button>
          </>
        )}
      </div>
    </footer>
  );
}
