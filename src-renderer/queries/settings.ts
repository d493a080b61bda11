import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { orpc } from './client.ts';

export function settingsQuery() {
  return orpc.settings.get.queryOptions({ staleTime: Number.POSITIVE_INFINITY });
}

export function useSettings() {
  return useQuery(settingsQuery());
}

/** Changes the named settings; the page shows them at once and goes back when they could not be stored. */
export function useSetSettings() {
  const client = useQueryClient();
  const { queryKey } = settingsQuery();
  return useMutation(
    orpc.settings.set.mutationOptions({
      onMutate: (changed) => {
        const before = client.getQueryData(queryKey);
        if (before !== undefined)
          client.setQueryData(queryKey, {
            theme: changed.theme ?? before.theme,
            tagOrder: changed.tagOrder ?? before.tagOrder,
            cacheLimitMib: changed.cacheLimitMib ?? before.cacheLimitMib,
            layerCacheLimitMib: changed.layerCacheLimitMib ?? before.layerCacheLimitMib,
            transferLimitKibPerSecond: changed.transferLimitKibPerSecond ?? before.transferLimitKibPerSecond,
            transferLanes: changed.transferLanes ?? before.transferLanes,
          });
        return { before };
      },
      onError: (_error, _changed, context) => {
        client.setQueryData(queryKey, context?.before);
      },
      onSuccess: (settings) => {
        client.setQueryData(queryKey, settings);
      },
    }),
  );
}
