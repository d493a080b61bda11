import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api } from '../host/index.ts';
import { inLane } from '../lib/call-lanes.ts';
import { orpc } from './client.ts';

export type RepositoryRef = { readonly registryId: string; readonly repository: string };

const FIRST_PAGE: string | undefined = undefined;

/** A tag may be moved at any time: what it points to is believed for a short while only. */
export const TAG_STALE_MS = 30_000;

/** The tag names, page after page. */
export function tagPagesQuery({ registryId, repository }: RepositoryRef) {
  return orpc.tags.list.infiniteOptions({
    input: (cursor: string | undefined) => ({ registryId, repository, cursor }),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: (page) => page.nextCursor,
    staleTime: TAG_STALE_MS,
  });
}

export function useTagPages(ref: RepositoryRef) {
  return useInfiniteQuery(tagPagesQuery(ref));
}

/** What a row shows. Asked for only while someone looks, at most six at a time for one registry. */
export function tagSummaryQuery({ registryId, repository }: RepositoryRef, tag: string) {
  const input = { registryId, repository, tag };
  return {
    ...orpc.tags.summary.queryOptions({ input, staleTime: TAG_STALE_MS }),
    queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
      inLane(registryId, signal, () => api.tags.summary(input, { signal })),
  };
}

export function useTagSummary(ref: RepositoryRef, tag: string) {
  return useQuery(tagSummaryQuery(ref, tag));
}
