import { useEffect } from 'react';
import type { RepositoryRef } from '../../queries/tags.ts';
import { useKnownSummaries } from '../../queries/use-known-summaries.ts';
import { useSelection } from '../../state/selection.ts';
import type { TagRows } from './tag-item.ts';

const NO_TAGS: readonly string[] = [];

/** Keeps the status bar's count and size of the ticked rows. A size is said only when every row's is known. */
export function useSelectionTotals(ref: RepositoryRef, rows: TagRows, keys: ReadonlySet<string>): void {
  const setTotals = useSelection((state) => state.setTotals);
  const tags = keys.size === 0 ? NO_TAGS : rows.tags.filter((_, index) => keys.has(rows.keys[index] ?? ''));
  const known = useKnownSummaries(ref, tags);
  const sizes = tags.map((tag) => known.get(tag)?.sizeBytes);
  const bytes = sizes.reduce<number | undefined>(
    (sum, size) => (sum === undefined || size === undefined ? undefined : sum + size),
    0,
  );
  const count = keys.size;
  const hiddenCount = count - tags.length;
  const sizeBytes = hiddenCount === 0 ? bytes : undefined;
  const noun = count === 1 ? 'row' : 'rows';
  const what = hiddenCount === 0 ? noun : `${noun} (${hiddenCount} not shown)`;
  useEffect(() => {
    setTotals(count === 0 ? undefined : { count, bytes: sizeBytes, what });
  }, [setTotals, count, sizeBytes, what]);
  useEffect(
    () => () => {
      setTotals(undefined);
    },
    [setTotals],
  );
}
