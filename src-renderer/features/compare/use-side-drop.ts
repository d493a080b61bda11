import { displayText } from '#shared/oci/display-text.ts';
import type { RefObject } from 'react';
import type { ComparePoint } from '../../lib/compare-place.ts';
import { isTaken, judgeTarget, targetBadgeText } from '../../lib/drop-target.ts';
import { hostOf } from '../../queries/known-image.ts';
import { useMoving } from '../../state/moving.ts';
import { announce } from '../../ui/announcer.tsx';
import { useDropZone } from '../../ui/use-drop-zone.ts';

/** A side of the comparison as a place for an image. How it looks meanwhile: something is on its way, or held over it. */
export function useSideDrop(
  ref: RefObject<HTMLElement | null>,
  side: 'left' | 'right',
  onChoose: (point: ComparePoint) => void,
): 'accepts' | 'over' | undefined {
  const { dragged, over, setOver } = useMoving();
  const target = { kind: 'side', side } as const;
  const verdict = dragged === undefined || dragged === 'archives' ? undefined : judgeTarget(dragged, target, hostOf);
  useDropZone(ref, {
    onOver: () => {
      if (useMoving.getState().over === undefined) setOver(target);
    },
    onLeave: () => {
      setOver(undefined);
    },
    onDrop: (_point, files) => {
      setOver(undefined);
      if (files !== undefined || dragged === undefined || dragged === 'archives') return;
      if (verdict?.kind === 'put') onChoose(verdict.point);
      else announce(displayText(targetBadgeText(dragged, verdict)));
    },
  });
  if (verdict === undefined || !isTaken(verdict)) return undefined;
  return over?.kind === 'side' && over.side === side ? 'over' : 'accepts';
}
