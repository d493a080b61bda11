import type { FilesTarget } from '#shared/api/file-rows.ts';
import type { Ecosystem, ReadPackagesEvent } from '#shared/api/packages.ts';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { api } from '../host/index.ts';
import { bytesWait, type WaitProgress } from '../lib/pace.ts';
import { orpc } from './client.ts';
import { askOpened } from './files.ts';
import { nextOffset } from './next-offset.ts';
import { stoppingOf } from './stopping.ts';
import { readTold, useTold } from './told.ts';

const PAGE = 500;

function readKey(target: FilesTarget) {
  return ['packages', 'read', target] as const;
}

/** Has the engine read the package databases of an image, which it then keeps. @throws {ApiError} */
export async function readPackages(target: FilesTarget, signal: AbortSignal): Promise<void> {
  await readTold<ReadPackagesEvent>(readKey(target), signal, () => api.packages.read(target, { signal }));
}

/** How far that is; undefined while nobody waits for it. */
export function usePackagesProgress(target: FilesTarget): WaitProgress | undefined {
  return bytesWait(useTold<ReadPackagesEvent>(readKey(target)));
}

export type PackageFilter = { readonly query: string; readonly ecosystem: Ecosystem | undefined };

/** What is installed in an opened image, a few hundred at a time. */
export function usePackages(target: FilesTarget, { query, ecosystem }: PackageFilter) {
  const input = { ...target, query, ...(ecosystem === undefined ? {} : { ecosystem }), limit: PAGE };
  const queryKey = orpc.packages.list.queryKey({ input });
  const packages = useInfiniteQuery({
    queryKey,
    queryFn: ({ signal, pageParam }) =>
      askOpened(target, signal, async () => {
        await readPackages(target, signal);
        return await api.packages.list({ ...input, offset: pageParam }, { signal });
      }),
    initialPageParam: 0,
    getNextPageParam: nextOffset,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return { ...packages, progress: usePackagesProgress(target), ...stoppingOf(packages, queryKey) };
}
