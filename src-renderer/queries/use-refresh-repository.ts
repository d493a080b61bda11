import { useQueryClient } from '@tanstack/react-query';
import { orpc } from './client.ts';
import { tagPagesQuery, type RepositoryRef } from './tags.ts';

/** Asks again for the tag list and for what each tag points to. Digests never change and are kept. */
export function useRefreshRepository(ref: RepositoryRef): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    await Promise.all([
      client.invalidateQueries({ queryKey: tagPagesQuery(ref).queryKey }),
      client.invalidateQueries({ queryKey: orpc.tags.summary.key({ input: ref }) }),
    ]);
  };
}
