import { displayText } from '#shared/oci/display-text.ts';
import type { RefObject } from 'react';
import { useNavigate } from 'react-router';
import { isPlace, isTaken, judgeTarget, targetOfImage, type DropTarget } from '../../lib/drop-target.ts';
import { hostOf } from '../../queries/known-image.ts';
import type { RepositoryRef } from '../../queries/tags.ts';
import { useMoving } from '../../state/moving.ts';
import { dropOnTarget, pushDropped } from '../../state/transfer-commands.ts';
import { announce } from '../../ui/announcer.tsx';
import { readDropped } from '../../ui/read-dropped.ts';
import { useDropZone, type Point } from '../../ui/use-drop-zone.ts';

/** The tag of the row under the pointer. */
function tagAt({ x, y }: Point): string | undefined {
  return document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-tag]')?.dataset['tag'];
}

function isSameTarget(a: DropTarget | undefined, b: DropTarget): boolean {
  return a?.kind === b.kind && (a.kind !== 'image' || b.kind !== 'image' || a.point.reference === b.point.reference);
}

/**
 * The page of a repository as a place to drop on: a row of the table is an image to compare with, all the rest the
 * repository to copy to. True while what is held over it can be dropped into the repository.
 */
export function usePageDrop(ref: RefObject<HTMLElement | null>, { registryId, repository }: RepositoryRef): boolean {
  const navigate = useNavigate();
  const dragged = useMoving((state) => state.dragged);
  const over = useMoving((state) => state.over);
  const setOver = useMoving((state) => state.setOver);
  const targetAt = (point: Point): DropTarget => {
    const reference = tagAt(point);
    if (reference === undefined) return { kind: 'repository', registryId, repository };
    return targetOfImage({ registryId, repository, reference }, useMoving.getState().dragged);
  };
  useDropZone(ref, {
    onOver: (point) => {
      const target = targetAt(point);
      if (!isSameTarget(useMoving.getState().over, target)) setOver(target);
    },
    onLeave: () => {
      setOver(undefined);
    },
    onDrop: (point, files) => {
      const target = targetAt(point);
      setOver(undefined);
      if (files !== undefined) {
        void pushDropped(readDropped(files), isPlace(target) ? target : undefined);
        return;
      }
      if (dragged === undefined || dragged === 'archives') return;
      const { path, refusal } = dropOnTarget(dragged, target, hostOf);
      if (path !== undefined) void navigate(path);
      if (refusal !== undefined) announce(displayText(refusal));
    },
  });
  const isHere = over?.kind === 'repository' && over.registryId === registryId && over.repository === repository;
  if (!isHere || dragged === undefined) return false;
  return dragged === 'archives' || isTaken(judgeTarget(dragged, over, hostOf));
}
