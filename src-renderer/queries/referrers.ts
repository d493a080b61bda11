import type { Digest } from '#shared/oci/digest.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { orpc } from './client.ts';
import { TAG_STALE_MS, type RepositoryRef } from './tags.ts';

const FIRST_PAGE: string | undefined = undefined;

/** What refers to one manifest, page after page. Anyone may push another referrer, so it is believed for a while only. */
export function useReferrerPages({ registryId, repository }: RepositoryRef, digest: Digest) {
  return useInfiniteQuery(
    orpc.referrers.list.infiniteOptions({
      input: (cursor: string | undefined) => ({ registryId, repository, digest, cursor }),
      initialPageParam: FIRST_PAGE,
      getNextPageParam: (page) => page.nextCursor,
      staleTime: TAG_STALE_MS,
    }),
  );
}
