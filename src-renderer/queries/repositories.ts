import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { orpc } from './client.ts';

const FIRST_PAGE: string | undefined = undefined;

/** The catalog, page after page. */
export function repositoriesQuery(registryId: string) {
  return orpc.repositories.list.infiniteOptions({
    input: (cursor: string | undefined) => ({ registryId, cursor }),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: (page) => page.nextCursor,
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
