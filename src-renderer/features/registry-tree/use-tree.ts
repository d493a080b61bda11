import { useState } from 'react';
import { flattenTree } from '../../lib/flatten-tree.ts';
import { parseRepositoryRowId, registryRowId, repositoryKey, type TreePin, type TreeRow } from '../../lib/tree-rows.ts';
import { useRegistries } from '../../queries/registries.ts';
import { usePins } from '../../queries/repositories.ts';
import { useTreeState } from '../../state/tree-state.ts';
import type { LiveListing, ReportListing } from './listing-sources.tsx';

const NO_PINS: readonly TreePin[] = [];

type Listings = ReadonlyMap<string, LiveListing>;

export type Tree = {
  readonly rows: readonly TreeRow[];
  readonly repositories: Listings;
  readonly tags: Listings;
  readonly reportRepositories: ReportListing;
  readonly reportTags: ReportListing;
  /** Registries and repositories whose lists are wanted. */
  readonly openRegistries: readonly string[];
  readonly openRepositories: readonly TreePin[];
};

const FACTS = ['status', 'hasMore', 'loadingMore', 'error', 'droppedCount'] as const;

/** A source reports at each of its renders: only news may draw the tree again, or the two would never rest. */
function isSameListing(before: LiveListing | undefined, after: LiveListing | undefined): boolean {
  if (before === undefined || after === undefined) return before === after;
  const hasSamePages =
    before.pages.length === after.pages.length && before.pages.every((page, index) => page === after.pages[index]);
  return hasSamePages && FACTS.every((fact) => before[fact] === after[fact]);
}

function useListings(): readonly [Listings, ReportListing] {
  const [listings, setListings] = useState<Listings>(new Map());
  const [report] = useState(() => (key: string, listing: LiveListing | undefined) => {
    setListings((before) => {
      if (isSameListing(before.get(key), listing)) return before;
      const next = new Map(before);
      if (listing === undefined) next.delete(key);
      else next.set(key, listing);
      return next;
    });
  });
  return [listings, report];
}

/** Open repositories, each once though it may be open among the favourites too. */
function wantedRepositories(expanded: ReadonlySet<string>, known: ReadonlySet<string>): readonly TreePin[] {
  const wanted = new Map<string, TreePin>();
  for (const id of expanded) {
    const place = parseRepositoryRowId(id);
    if (place !== undefined && known.has(place.registryId)) wanted.set(repositoryKey(place), place);
  }
  return [...wanted.values()];
}

/** The rows of the tree and the lists they are made of. */
export function useTree(): Tree {
  const registries = useRegistries().data ?? [];
  const pins = usePins().data ?? NO_PINS;
  const expanded = useTreeState((state) => state.expanded);
  const filter = useTreeState((state) => state.filter);
  const [repositories, reportRepositories] = useListings();
  const [tags, reportTags] = useListings();
  return {
    rows: flattenTree({ registries, pins, expanded, repositories, tags, filter }),
    repositories,
    tags,
    reportRepositories,
    reportTags,
    openRegistries: registries.map(({ id }) => id).filter((id) => expanded.has(registryRowId(id))),
    openRepositories: wantedRepositories(expanded, new Set(registries.map(({ id }) => id))),
  };
}
