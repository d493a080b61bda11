import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api } from '../host/index.ts';
import { inLane } from '../lib/call-lanes.ts';
import { orpc } from './client.ts';
import { FIRST_PAGE, nextPlace, type PagePlace } from './whole-lists.ts';

export type RepositoryRef = { readonly registryId: string; readonly repository: string };

/** A tag may be moved at any time: what it points to is believed for a short while only. */
export const TAG_STALE_MS = 30_000;

/** Names the list of tags among all lists. */
export function tagListKey({ registryId, repository }: RepositoryRef): string {
  return `tags ${registryId} ${repository}`;
}

/** The tag names, page after page. */
export function tagPagesQuery({ registryId, repository }: RepositoryRef) {
  return orpc.tags.list.infiniteOptions({
    input: (place: PagePlace) => ({ registryId, repository, ...place }),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: nextPlace(tagListKey({ registryId, repository })),
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
