import { useQuery } from '@tanstack/react-query';
import { orpc } from './client.ts';

/** How a registry has answered lately: asks the engine only, which tells when that changes. */
export function useHealth(registryId: string | undefined) {
  return useQuery({
    ...orpc.health.get.queryOptions({ input: { id: registryId ?? '' }, staleTime: Number.POSITIVE_INFINITY }),
    enabled: registryId !== undefined,
  });
}
