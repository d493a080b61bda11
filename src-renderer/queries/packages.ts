import type { FilesTarget } from '#shared/api/file-rows.ts';
import type { Ecosystem } from '#shared/api/packages.ts';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { api } from '../host/index.ts';
import { orpc } from './client.ts';
import { askOpened } from './files.ts';
import { nextOffset } from './next-offset.ts';
import { stoppingOf } from './stopping.ts';

const PAGE = 500;

export type PackageFilter = { readonly query: string; readonly ecosystem: Ecosystem | undefined };

/** What is installed in an opened image, a few hundred at a time. */
export function usePackages(target: FilesTarget, { query, ecosystem }: PackageFilter) {
  const input = { ...target, query, ...(ecosystem === undefined ? {} : { ecosystem }), limit: PAGE };
  const queryKey = orpc.packages.list.queryKey({ input });
  const packages = useInfiniteQuery({
    queryKey,
    queryFn: ({ signal, pageParam }) =>
      askOpened(target, signal, () => api.packages.list({ ...input, offset: pageParam }, { signal })),
    initialPageParam: 0,
    getNextPageParam: nextOffset,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return { ...packages, ...stoppingOf(packages, queryKey) };
}
