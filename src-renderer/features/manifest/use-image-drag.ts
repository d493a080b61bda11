import { displayText } from '#shared/oci/display-text.ts';
import { useState, type RefObject } from 'react';
import { useNavigate } from 'react-router';
import type { ComparePoint } from '../../lib/compare-place.ts';
import { sourceReference, type CopySource } from '../../lib/copy-sources.ts';
import { isPlace, isTaken, judgeTarget, targetOfImage } from '../../lib/drop-target.ts';
import { hostOf, withKnown } from '../../queries/known-image.ts';
import { useMoving } from '../../state/moving.ts';
import { dropOnTarget, pushDropped } from '../../state/transfer-commands.ts';
import { announce } from '../../ui/announcer.tsx';
import { readDropped } from '../../ui/read-dropped.ts';
import { useDraggable } from '../../ui/use-draggable.ts';
import { useDropZone } from '../../ui/use-drop-zone.ts';

/** What an image is to a drag: how it is compared, and what is copied of it. */
export type DragImage = { readonly point: ComparePoint; readonly source: CopySource };

/**
 * Makes an element stand for an image: it can be taken to a place to be copied, or to another image to be compared; an
 * image dropped on it is compared with it. True while something is held over it that it would take.
 */
export function useImageDrag(ref: RefObject<HTMLElement | null>, { point, source }: DragImage): boolean {
  const navigate = useNavigate();
  const setOver = useMoving((state) => state.setOver);
  const [isHeld, setHeld] = useState(false);
  const target = () => targetOfImage(point, useMoving.getState().dragged);
  useDraggable(ref, {
    canDrag: () => true,
    onStart: () => {
      useMoving.getState().startDrag([withKnown(source)], point);
    },
    text: () => displayText(sourceReference(source, hostOf(source.registryId))),
  });
  useDropZone(ref, {
    onOver: () => {
      if (useMoving.getState().over === undefined) setOver(target());
      setHeld(true);
    },
    onLeave: () => {
      setHeld(false);
      setOver(undefined);
    },
    onDrop: (_point, files) => {
      const { dragged } = useMoving.getState();
      const on = target();
      setHeld(false);
      setOver(undefined);
      if (files !== undefined) {
        void pushDropped(readDropped(files), isPlace(on) ? on : undefined);
        return;
      }
      if (dragged === undefined || dragged === 'archives') return;
      const { path, refusal } = dropOnTarget(dragged, on, hostOf);
      if (path !== undefined) void navigate(path);
      if (refusal !== undefined) announce(displayText(refusal));
    },
  });
  return useMoving(({ dragged, over }) => {
    if (!isHeld || over === undefined || dragged === undefined || dragged === 'archives') return false;
    return isTaken(judgeTarget(dragged, over, hostOf));
  });
}
