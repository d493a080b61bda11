import { isTaken, judgeTarget } from '../../lib/drop-target.ts';
import { hostOf } from '../../queries/known-image.ts';
import type { RepositoryRef } from '../../queries/tags.ts';
import { useMoving } from '../../state/moving.ts';

/** The tag of this repository that an image is held over, to be compared with it. */
export function useDropTag({ registryId, repository }: RepositoryRef): string | undefined {
  return useMoving(({ dragged, over }) => {
    if (over?.kind !== 'image' || dragged === undefined || dragged === 'archives') return undefined;
    const { point } = over;
    const isHere = point.registryId === registryId && point.repository === repository && point.platform === undefined;
    return isHere && isTaken(judgeTarget(dragged, over, hostOf)) ? point.reference : undefined;
  });
}
