import { useInfiniteQuery, type InfiniteData, type UseInfiniteQueryResult } from '@tanstack/react-query';
import { useEffect } from 'react';
import { repositoryKey, type Listing } from '../../lib/tree-rows.ts';
import { repositoriesQuery } from '../../queries/repositories.ts';
import { tagPagesQuery } from '../../queries/tags.ts';
import { askListAgain } from '../../queries/whole-lists.ts';

/** A listing and what can be done about it. */
export type LiveListing = Listing & {
  readonly loadMore: () => void;
  /** Again what failed: the first page, or the next. */
  readonly retry: () => void;
  /** Everything again. */
  readonly refresh: () => void;
};

export type ReportListing = (key: string, listing: LiveListing | undefined) => void;

type Page = { readonly droppedCount: number };
type Pages<P> = UseInfiniteQueryResult<InfiniteData<P>>;

function toListing<P extends Page>(query: Pages<P>, namesOf: (page: P) => readonly string[]): LiveListing {
  const { data, error, fetchNextPage, hasNextPage, isFetchingNextPage, isFetching, refetch } = query;
  const pages = data?.pages ?? [];
  const isWaiting = data === undefined && (error === null || isFetching);
  return {
    status: isWaiting ? 'loading' : error === null ? 'ready' : 'error',
    pages: pages.map(namesOf),
    hasMore: hasNextPage,
    loadingMore: isFetchingNextPage,
    error: isFetching ? undefined : error?.appError,
    droppedCount: pages.reduce((sum, page) => sum + page.droppedCount, 0),
    loadMore: () => void fetchNextPage(),
    retry: () => {
      askListAgain(query);
    },
    refresh: () => void refetch(),
  };
}

function useReport(key: string, listing: LiveListing, report: ReportListing): void {
  useEffect(() => {
    report(key, listing);
  }, [key, listing, report]);
  useEffect(
    () => () => {
      report(key, undefined);
    },
    [key, report],
  );
}

export type RepositoriesSourceProps = { readonly registryId: string; readonly report: ReportListing };

/** Draws nothing: reads the catalog of an open registry. Unmounting it, when the row is closed, aborts the request. */
export function RepositoriesSource({ registryId, report }: RepositoriesSourceProps) {
  const query = useInfiniteQuery(repositoriesQuery(registryId));
  useReport(
    registryId,
    toListing(query, (page) => page.repositories),
    report,
  );
  return null;
}

export type TagsSourceProps = {
  readonly registryId: string;
  readonly repository: string;
  readonly report: ReportListing;
};

/** Draws nothing: reads the tags of an open repository. */
export function TagsSource({ registryId, repository, report }: TagsSourceProps) {
  const query = useInfiniteQuery(tagPagesQuery({ registryId, repository }));
  useReport(
    repositoryKey({ registryId, repository }),
    toListing(query, (page) => page.tags),
    report,
  );
  return null;
}
