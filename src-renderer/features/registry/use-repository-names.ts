import type { AppError } from '#shared/api/app-error.ts';
import type { Offline, Warning } from '#shared/api/common.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { namesOfPages, withNames } from '../../lib/page-names.ts';
import { appErrorOf } from '../../queries/app-error.ts';
import { catalogKey, repositoriesQuery, usePins } from '../../queries/repositories.ts';
import { askListAgain, useWholeList, type WholeList } from '../../queries/whole-lists.ts';

export type RepositoryNames = {
  /** Catalog and pins together, in natural order. */
  readonly names: readonly string[];
  readonly pinned: ReadonlySet<string>;
  readonly isLoading: boolean;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  readonly error: AppError | undefined;
  readonly droppedCount: number;
  /** The names are from an earlier look. */
  readonly offline: Offline | undefined;
  readonly warnings: readonly Warning[];
  readonly loadMore: () => void;
  readonly whole: WholeList;
  readonly retry: () => void;
  readonly refresh: () => void;
};

export function useRepositoryNames(registryId: string): RepositoryNames {
  const query = useInfiniteQuery(repositoriesQuery(registryId));
  const pins = usePins().data?.filter((pin) => pin.registryId === registryId) ?? [];
  const pages = query.data?.pages ?? [];
  const pinned = new Set(pins.map(({ repository }) => repository));
  const listed = namesOfPages(pages.map((page) => page.repositories));
  const whole = useWholeList(catalogKey(registryId), query);
  const loadMore = () => void query.fetchNextPage();
  const refresh = () => void query.refetch();
  return {
    names: withNames(listed, [...pinned]),
    pinned,
    isLoading: query.data === undefined && (query.isFetching || query.error === null),
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    error: query.error === null || query.isFetching ? undefined : appErrorOf(query.error),
    droppedCount: pages.reduce((sum, page) => sum + page.droppedCount, 0),
    offline: pages.find((page) => page.offline !== undefined)?.offline,
    warnings: pages.flatMap((page) => page.warnings ?? []),
    loadMore,
    whole,
    retry: () => {
      askListAgain(query);
    },
    refresh,
  };
}
