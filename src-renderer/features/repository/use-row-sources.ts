import { useEffect } from 'react';
import type { CopySource } from '../../lib/copy-sources.ts';
import { withKnown } from '../../queries/known-image.ts';
import type { RepositoryRef } from '../../queries/tags.ts';
import { useMoving } from '../../state/moving.ts';
import { itemSources, type TagItem } from './tag-item.ts';

/** What the rows of the table stand for when they are copied or dragged. */
export function useRowSources(ref: RepositoryRef, items: readonly TagItem[], ticked: ReadonlySet<string>) {
  const { registryId, repository } = ref;
  const pick = useMoving((state) => state.pick);
  const tickedSources = () =>
    items.filter(({ key }) => ticked.has(key)).flatMap((item) => itemSources({ registryId, repository }, item));
  useEffect(() => {
    // Nothing ticked: commands are about the repository as a whole.
    const whole: CopySource = { kind: 'repository', registryId, repository };
    const chosen = ticked.size === 0 ? [] : items.filter(({ key }) => ticked.has(key));
    pick(chosen.length === 0 ? [whole] : chosen.flatMap((item) => itemSources({ registryId, repository }, item)));
  }, [pick, registryId, repository, items, ticked]);
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
