import type { InvalidateQueryFilters, QueryClient } from '@tanstack/react-query';

/**
 * Asks again for what is shown and marks the rest. An answer under way may be from before the change, so it is dropped:
 * the library does so by itself only where an earlier answer is there to show meanwhile.
 */
export function askAgain(client: QueryClient, filters: InvalidateQueryFilters): void {
  const { refetchType: _, ...which } = filters;
  const firstAnswers = client
    .getQueryCache()
    .findAll({ ...which, fetchStatus: 'fetching' })
    .filter(({ state }) => state.data === undefined);
  const dropped = firstAnswers.map((query) => query.cancel({ silent: true }));
  void Promise.all(dropped).then(() => client.invalidateQueries(filters));
}
