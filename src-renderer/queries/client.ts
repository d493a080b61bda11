import { createTanstackQueryUtils } from '@orpc/tanstack-query';
import { QueryClient } from '@tanstack/react-query';
import { api, type ApiError } from '../host/index.ts';

declare module '@tanstack/react-query' {
  interface Register {
    defaultError: ApiError;
  }
}

/**
 * The engine retries what is worth retrying and watches for changes, so the page does neither by itself: an error is
 * shown at once, with a way on.
 */
export const queryClient: QueryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: false,
      staleTime: 60_000,
      gcTime: 10 * 60_000,
      refetchOnWindowFocus: false,
      networkMode: 'always',
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});

/** Query options, keys and mutation options for every procedure. Only this folder uses it. */
export const orpc = createTanstackQueryUtils(api);
