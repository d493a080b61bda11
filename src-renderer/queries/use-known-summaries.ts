import type { TagSummary } from '#shared/api/tags.ts';
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useMemo, useSyncExternalStore } from 'react';
import { tagSummaryQuery, type RepositoryRef } from './tags.ts';

/** Rows arrive many a second; what is made of all of them is made anew four times a second at most. */
const SETTLE_MS = 250;

type KnownSummaries = ReadonlyMap<string, TagSummary>;

function read(client: QueryClient, ref: RepositoryRef, tags: readonly string[]): KnownSummaries {
  const known = new Map<string, TagSummary>();
  for (const tag of tags) {
    const summary = client.getQueryData(tagSummaryQuery(ref, tag).queryKey);
    if (summary !== undefined) known.set(tag, summary);
  }
  return known;
}

function isSame(a: KnownSummaries, b: KnownSummaries): boolean {
  if (a.size !== b.size) return false;
  for (const [tag, summary] of a) if (b.get(tag) !== summary) return false;
  return true;
}

function createStore(client: QueryClient, ref: RepositoryRef, tags: readonly string[]) {
  let snapshot = read(client, ref, tags);
  const subscribe = (onChange: () => void) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const settle = () => {
      timer = undefined;
      const next = read(client, ref, tags);
      if (isSame(snapshot, next)) return;
      snapshot = next;
      onChange();
    };
    const unsubscribe = client.getQueryCache().subscribe((event) => {
      if (event.type === 'updated' && event.action.type === 'success') timer ??= setTimeout(settle, SETTLE_MS);
    });
    settle();
    return () => {
      clearTimeout(timer);
      unsubscribe();
    };
  };
  return { subscribe, getSnapshot: () => snapshot };
}

const NONE: readonly string[] = [];

/** The summaries that have arrived so far, for totals and orders. Asks for nothing itself. */
export function useKnownSummaries(ref: RepositoryRef, tags: readonly string[] | undefined): KnownSummaries {
  const client = useQueryClient();
  const { registryId, repository } = ref;
  const wanted = tags ?? NONE;
  const store = useMemo(
    () => createStore(client, { registryId, repository }, wanted),
    [client, registryId, repository, wanted],
  );
  return useSyncExternalStore(store.subscribe, store.getSnapshot);
}
