import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { tagSummaryQuery, type RepositoryRef } from './tags.ts';

/** Fewer than the lanes there are, so that the rows a person looks at never wait behind these. */
const WORKERS = 4;

/**
 * Asks for the summary of every tag, a few at a time, while `tags` is given: a person chose an order that needs them.
 * Stops when `tags` goes away. What is already known is not asked for again. True once every tag has answered.
 */
export function useLoadSummaries(
  { registryId, repository }: RepositoryRef,
  tags: readonly string[] | undefined,
): boolean {
  const client = useQueryClient();
  const [doneFor, setDoneFor] = useState<readonly string[] | undefined>(undefined);
  useEffect(() => {
    if (tags === undefined) return undefined;
    const controller = new AbortController();
    const queue = tags.values();
    const work = async () => {
      for (const tag of queue) {
        if (controller.signal.aborted) return;
        // A tag that fails shows its error in its row; the others go on.
        await client.prefetchQuery(tagSummaryQuery({ registryId, repository }, tag));
      }
    };
    const workAll = async () => {
      await Promise.all(Array.from({ length: WORKERS }, work));
      if (!controller.signal.aborted) setDoneFor(tags);
    };
    void workAll();
    return () => {
      controller.abort();
    };
  }, [client, registryId, repository, tags]);
  return tags !== undefined && doneFor === tags;
}
