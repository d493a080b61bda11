import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../host/index.ts';
import { joinNames } from '../lib/page-names.ts';
import { orpc } from './client.ts';
import { FIRST_PAGE, joinedPage, nextPlace, type PageCall, type PagePlace, readPlace } from './whole-lists.ts';

/** Names a registry's catalog among all lists. */
export function catalogKey(registryId: string): string {
  return `repositories ${registryId}`;
}

/** The catalog, page after page. */
export function repositoriesQuery(registryId: string) {
  const key = catalogKey(registryId);
  const input = (place: PagePlace) => ({ registryId, ...place });
  return {
    ...orpc.repositories.list.infiniteOptions({
      input,
      initialPageParam: FIRST_PAGE,
      getNextPageParam: nextPlace(key),
    }),
    queryFn: ({ pageParam, signal }: PageCall) =>
      readPlace(key, pageParam, {
        ask: (place) => api.repositories.list(input(place), { signal }),
        join: (page, next) => ({
          ...joinedPage(page, next),
          repositories: joinNames(page.repositories, next.repositories),
        }),
      }),
  };
}

export function pinsQuery() {
  return orpc.repositories.pins.queryOptions({ staleTime: Number.POSITIVE_INFINITY });
}

export function usePins() {
  return useQuery(pinsQuery());
}

export function usePin() {
  const client = useQueryClient();
  return useMutation(
    orpc.repositories.pin.mutationOptions({
      onSuccess: (pins) => {
        client.setQueryData(pinsQuery().queryKey, pins);
      },
    }),
  );
}

export function useUnpin() {
  const client = useQueryClient();
  return useMutation(
    orpc.repositories.unpin.mutationOptions({
      onSuccess: (pins) => {
        client.setQueryData(pinsQuery().queryKey, pins);
      },
    }),
  );
}
