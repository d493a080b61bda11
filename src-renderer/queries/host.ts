import { useQuery } from '@tanstack/react-query';
import { orpc } from './client.ts';

/** What the page knows of its host and engine; read once. */
export function hostInfoQuery() {
  return orpc.host.info.queryOptions({ staleTime: Number.POSITIVE_INFINITY, gcTime: Number.POSITIVE_INFINITY });
}

export function useHostInfo() {
  return useQuery(hostInfoQuery());
}
