import { useMemo } from 'react';
import { sortSemver } from '../../lib/semver-order.ts';
import { filterTags, parseTagFilter } from '../../lib/tag-filter.ts';
import type { RepositoryRef } from '../../queries/tags.ts';
import { useKnownSummaries } from '../../queries/use-known-summaries.ts';
import { rowsOfItems, rowsOfTags, type TagOrder, type TagView } from './tag-item.ts';
import { useDateOrder } from './use-date-order.ts';
import { useDigestItems } from './use-digest-items.ts';

const NO_TAGS: readonly string[] = [];

export type TagChoices = {
  readonly view: TagView;
  readonly order: TagOrder;
  readonly filterText: string;
};

/** The rows of the table: tags, given in natural order, as they are wanted, filtered, as tags or grouped by digest. */
export function useTagItems(ref: RepositoryRef, tags: readonly string[], { view, order, filterText }: TagChoices) {
  const byDate = useDateOrder(ref, tags, order === 'date');
  const sorted = useMemo(() => (order === 'semver' ? sortSemver(tags) : tags), [tags, order]);
  const ordered = byDate?.tags ?? sorted;
  const filter = useMemo(() => parseTagFilter(filterText), [filterText]);
  const known = useKnownSummaries(ref, filter.kind === 'digest' ? tags : undefined);
  const filtered = useMemo(
    () => filterTags(filter, ordered, (tag) => known.get(tag)?.digest),
    [filter, ordered, known],
  );
  const isGrouped = view === 'digests';
  const shown = filter.kind === 'digest' ? ordered : filtered.tags;
  const byDigest = useDigestItems(ref, isGrouped ? shown : NO_TAGS, isGrouped ? tags : undefined);
  const tagRows = useMemo(() => rowsOfTags(filtered.tags), [filtered]);
  const isDigestFilter = isGrouped && filter.kind === 'digest';
  const groups = isDigestFilter
    ? byDigest.items.filter(({ digest }) => digest?.startsWith(filter.prefix) === true)
    : byDigest.items;
  return {
    rows: isGrouped ? rowsOfItems(groups) : tagRows,
    filter,
    undecidedCount: isGrouped ? 0 : filtered.undecidedCount,
    dates: byDate,
    digests: isGrouped ? byDigest : undefined,
  };
}
