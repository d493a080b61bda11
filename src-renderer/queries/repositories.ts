import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { orpc } from './client.ts';
import { FIRST_PAGE, nextPlace, type PagePlace } from './whole-lists.ts';

/** Names a registry's catalog among all lists. */
export function catalogKey(registryId: string): string {
  return `repositories ${registryId}`;
}

/** The catalog, page after page. */
export function repositoriesQuery(registryId: string) {
  return orpc.repositories.list.infiniteOptions({
    input: (place: PagePlace) => ({ registryId, ...place }),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: nextPlace(catalogKey(registryId)),
  });
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
