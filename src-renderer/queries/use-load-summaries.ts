import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { tagSummaryQuery, type RepositoryRef } from './tags.ts';

/**
 * Asks for the summary of every tag, a few at a time, while `tags` is given: a person chose an order that needs them.
 * Stops when `tags` goes away. What is already known is not asked for again.
 */
export function useLoadSummaries({ registryId, repository }: RepositoryRef, tags: readonly string[] | undefined): void {
  const client = useQueryClient();
  useEffect(() => {
    if (tags === undefined) return undefined;
    const controller = new AbortController();
    const queue = tags.values();
    const worker = async () => {
      for (const tag of queue) {
        if (controller.signal.aborted) return;
        // A row that fails shows its own error; the others go on.
        await client.prefetchQuery(tagSummaryQuery({ registryId, repository }, tag));
      }
    };
    for (let lane = 0; lane < 4; lane += 1) void worker();
    return () => {
      controller.abort();
    };
  }, [client, registryId, repository, tags]);
}
