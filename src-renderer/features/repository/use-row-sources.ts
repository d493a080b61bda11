import { useEffect } from 'react';
import type { CopySource } from '../../lib/copy-sources.ts';
import { withKnown } from '../../queries/known-image.ts';
import type { RepositoryRef } from '../../queries/tags.ts';
import { useMoving } from '../../state/moving.ts';
import { itemSources, type TagItem, type TagRows } from './tag-item.ts';

function tickedItems(rows: TagRows, ticked: ReadonlySet<string>): readonly TagItem[] {
  if (ticked.size === 0) return [];
  return rows.keys.flatMap((key, index) => (ticked.has(key) ? (rows.at(index) ?? []) : []));
}

/** What the rows of the table stand for when they are copied or dragged. */
export function useRowSources(ref: RepositoryRef, rows: TagRows, ticked: ReadonlySet<string>) {
  const { registryId, repository } = ref;
  const pick = useMoving((state) => state.pick);
  const tickedSources = () =>
    tickedItems(rows, ticked).flatMap((item) => itemSources({ registryId, repository }, item));
  useEffect(() => {
    // Nothing ticked: commands are about the repository as a whole.
    const whole: CopySource = { kind: 'repository', registryId, repository };
    const chosen = tickedItems(rows, ticked);
    pick(chosen.length === 0 ? [whole] : chosen.flatMap((item) => itemSources({ registryId, repository }, item)));
  }, [pick, registryId, repository, rows, ticked]);
  useEffect(
    () => () => {
      pick([]);
    },
    [pick],
  );
  return {
    /** Every ticked row when this is one of them, else this one alone. */
    of: (item: TagItem | undefined): readonly CopySource[] => {
      if (item === undefined) return ticked.size === 0 ? [] : tickedSources();
      return (ticked.has(item.key) ? tickedSources() : itemSources(ref, item)).map(withKnown);
    },
  };
}

export type RowSources = ReturnType<typeof useRowSources>;
