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

type Names = { readonly names: readonly string[]; readonly droppedCount: number };
type Page = { readonly droppedCount: number };

function collect<P extends Page>(pages: readonly P[], namesOf: (page: P) => readonly string[]): Names {
  // A name that two pages hold is one row.
  const names = [...new Set(pages.flatMap(namesOf))];
  return { names, droppedCount: pages.reduce((sum, page) => sum + page.droppedCount, 0) };
}

type RepositoryPages = InfiniteData<Page & { readonly repositories: readonly string[] }>;
type TagPages = InfiniteData<Page & { readonly tags: readonly string[] }>;
const collectRepositories = (data: RepositoryPages) => collect(data.pages, (page) => page.repositories);
const collectTags = (data: TagPages) => collect(data.pages, (page) => page.tags);
const NONE: readonly string[] = [];

function toListing(query: UseInfiniteQueryResult<Names>): LiveListing {
  const { data, error, fetchNextPage, hasNextPage, isFetchingNextPage, isFetching, refetch } = query;
  const isWaiting = data === undefined && (error === null || isFetching);
  return {
    status: isWaiting ? 'loading' : error === null ? 'ready' : 'error',
    names: data?.names ?? NONE,
    hasMore: hasNextPage,
    loadingMore: isFetchingNextPage,
    error: isFetching ? undefined : error?.appError,
    droppedCount: data?.droppedCount ?? 0,
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
  const query = useInfiniteQuery({ ...repositoriesQuery(registryId), select: collectRepositories });
  useReport(registryId, toListing(query), report);
  return null;
}

export type TagsSourceProps = {
  readonly registryId: string;
  readonly repository: string;
  readonly report: ReportListing;
};

/** Draws nothing: reads the tags of an open repository. */
export function TagsSource({ registryId, repository, report }: TagsSourceProps) {
  const query = useInfiniteQuery({ ...tagPagesQuery({ registryId, repository }), select: collectTags });
  useReport(repositoryKey({ registryId, repository }), toListing(query), report);
  return null;
}
