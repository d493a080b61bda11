import type { FilesTarget } from '#shared/api/file-rows.ts';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api } from '../host/index.ts';
import { orpc } from './client.ts';
import { askOpened } from './files.ts';
import { nextOffset } from './next-offset.ts';

const KEPT = { staleTime: Number.POSITIVE_INFINITY, gcTime: 5 * 60_000 };
const WASTE_PAGE = 200;

/** What each layer adds, changes, removes and wastes, of an opened image. */
export function useLayersOverview(target: FilesTarget, enabled: boolean) {
  return useQuery({
    ...orpc.layers.overview.queryOptions({ input: target, ...KEPT }),
    queryFn: ({ signal }) => askOpened(target, signal, () => api.layers.overview(target, { signal })),
    enabled,
  });
}

export type WasteOf = { readonly shippedBy?: number | undefined };

/** Contents that were shipped for nothing, the largest first. */
export function useWaste(target: FilesTarget, { shippedBy }: WasteOf) {
  const input = { ...target, ...(shippedBy === undefined ? {} : { shippedBy }), limit: WASTE_PAGE };
  return useInfiniteQuery({
    queryKey: orpc.layers.waste.queryKey({ input }),
    queryFn: ({ signal, pageParam }) =>
      askOpened(target, signal, () => api.layers.waste({ ...input, offset: pageParam }, { signal })),
    initialPageParam: 0,
    getNextPageParam: nextOffset,
    ...KEPT,
  });
}
