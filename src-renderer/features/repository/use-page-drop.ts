import { displayText } from '#shared/oci/display-text.ts';
import { useState, type RefObject } from 'react';
import { judgeDrop, type DropPlace } from '../../lib/drop-place.ts';
import { hostOf } from '../../queries/known-image.ts';
import type { RepositoryRef } from '../../queries/tags.ts';
import { useMoving } from '../../state/moving.ts';
import { dropOn, pushDropped } from '../../state/transfer-commands.ts';
import { announce } from '../../ui/announcer.tsx';
import { readDropped } from '../../ui/read-dropped.ts';
import { useDropZone } from '../../ui/use-drop-zone.ts';

/** The page of a repository as a place to drop on. True while what is held over it can be dropped. */
export function usePageDrop(ref: RefObject<HTMLElement | null>, { registryId, repository }: RepositoryRef): boolean {
  const [isOver, setIsOver] = useState(false);
  const dragged = useMoving((state) => state.dragged);
  const setOver = useMoving((state) => state.setOver);
  const place: DropPlace = { kind: 'repository', registryId, repository };
  const leave = () => {
    setIsOver(false);
    setOver(undefined);
  };
  useDropZone(ref, {
    onOver: () => {
      if (isOver) return;
      setIsOver(true);
      setOver(place);
    },
    onLeave: leave,
    onDrop: (_point, files) => {
      leave();
      if (files !== undefined) {
        void pushDropped(readDropped(files), place);
        return;
      }
      const refusal = dragged === undefined || dragged === 'archives' ? undefined : dropOn(dragged, place, hostOf);
      if (refusal !== undefined) announce(displayText(refusal));
    },
  });
  if (!isOver || dragged === undefined) return false;
  return dragged === 'archives' || judgeDrop(dragged, place, hostOf).kind === 'copy';
}
