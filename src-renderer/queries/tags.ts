import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../host/index.ts';
import { inLane } from '../lib/call-lanes.ts';
import { joinNames } from '../lib/page-names.ts';
import { orpc } from './client.ts';
import { FIRST_PAGE, joinedPage, nextPlace, type PageCall, type PagePlace, readPlace } from './whole-lists.ts';

export type RepositoryRef = { readonly registryId: string; readonly repository: string };

/** A tag may be moved at any time: what it points to is believed for a short while only. */
export const TAG_STALE_MS = 30_000;

/** Names the list of tags among all lists. */
export function tagListKey({ registryId, repository }: RepositoryRef): string {
  return `tags ${registryId} ${repository}`;
}

/** The tag names, page after page. */
export function tagPagesQuery({ registryId, repository }: RepositoryRef) {
  const key = tagListKey({ registryId, repository });
  const input = (place: PagePlace) => ({ registryId, repository, ...place });
  return {
    ...orpc.tags.list.infiniteOptions({
      input,
      initialPageParam: FIRST_PAGE,
      getNextPageParam: nextPlace(key),
      staleTime: TAG_STALE_MS,
    }),
    queryFn: ({ pageParam, signal }: PageCall) =>
      readPlace(key, pageParam, {
        ask: (place) => api.tags.list(input(place), { signal }),
        join: (page, next) => ({ ...joinedPage(page, next), tags: joinNames(page.tags, next.tags) }),
      }),
  };
}

export function useTagPages(ref: RepositoryRef) {
  return useInfiniteQuery(tagPagesQuery(ref));
}

/** Rows that a person asks for anew, until they are asked for. */
const asksAgain = new Set<string>();

function summaryKey({ registryId, repository }: RepositoryRef, tag: string): string {
  return `${registryId} ${repository} ${tag}`;
}

/** Of a row that comes and goes with scrolling: resolves when it is worth a request. */
type Rest = (signal: AbortSignal) => Promise<void>;

/** What a row shows. Asked for only while someone looks, at most six at a time for one registry. */
export function tagSummaryQuery(ref: RepositoryRef, tag: string, rest?: Rest) {
  const { registryId, repository } = ref;
  const input = { registryId, repository, tag };
  return {
    ...orpc.tags.summary.queryOptions({ input, staleTime: TAG_STALE_MS }),
    queryFn: async ({ signal }: { readonly signal: AbortSignal }) => {
      await rest?.(signal);
      return inLane(registryId, signal, async () => {
        // The list may have begun to move while this waited for its turn.
        await rest?.(signal);
        const again = asksAgain.delete(summaryKey(ref, tag));
        return api.tags.summary(again ? { ...input, again } : input, { signal });
      });
    },
  };
}

/** Asks for a row anew because a person wants it: also with a sign-in that rows in view are not sent with for a while. */
export function useAskSummaryAgain(ref: RepositoryRef, tag: string): () => void {
  const client = useQueryClient();
  return () => {
    asksAgain.add(summaryKey(ref, tag));
    void client.refetchQueries({ queryKey: tagSummaryQuery(ref, tag).queryKey });
  };
}

export function useTagSummary(ref: RepositoryRef, tag: string, rest?: Rest) {
  return useQuery(tagSummaryQuery(ref, tag, rest));
}

/** The tags of a repository's first page, to choose from; none while there is no repository or no answer. */
export function useTagNames(ref: RepositoryRef | undefined): readonly string[] {
  const query = useInfiniteQuery({
    ...tagPagesQuery(ref ?? { registryId: 'none', repository: 'none' }),
    enabled: ref !== undefined,
  });
  return query.data?.pages[0]?.tags ?? [];
}
