import { useState } from 'react';
import { sortByDate } from '../../lib/date-order.ts';
import type { RepositoryRef } from '../../queries/tags.ts';
import { useKnownSummaries } from '../../queries/use-known-summaries.ts';
import { useLoadSummaries } from '../../queries/use-load-summaries.ts';

export type DateProgress = {
  /** Dates and failures that have arrived. */
  readonly knownCount: number;
  readonly totalCount: number;
  readonly running: boolean;
  readonly paused: boolean;
  /** Rows stand by dates that are older than what is known: a person may sort anew. */
  readonly isBehind: boolean;
  readonly sortNow: () => void;
  readonly setPaused: (paused: boolean) => void;
};

type Dates = ReadonlyMap<string, { readonly created?: string | undefined }>;
const NO_DATES: Dates = new Map();

/**
 * Tags by date, while dates are still arriving: rows keep their places until all are known or a person asks to sort
 * by what there is, so nothing moves under the pointer.
 */
export function useDateOrder(ref: RepositoryRef, tags: readonly string[], enabled: boolean) {
  const [paused, setPaused] = useState(false);
  const [applied, setApplied] = useState(NO_DATES);
  const isDone = useLoadSummaries(ref, enabled && !paused ? tags : undefined);
  const known = useKnownSummaries(ref, enabled ? tags : undefined);
  if (!enabled) return undefined;
  const basis = isDone || known.size === tags.length ? known : applied;
  const order = sortByDate(tags, (tag) => basis.get(tag)?.created);
  const progress: DateProgress = {
    knownCount: known.size,
    totalCount: tags.length,
    running: !isDone && !paused,
    paused: paused && known.size < tags.length,
    isBehind: basis !== known && known.size > 0,
    sortNow: () => {
      setApplied(known);
    },
    setPaused,
  };
  return { tags: order.tags, undatedCount: tags.length - order.knownCount, progress };
}
