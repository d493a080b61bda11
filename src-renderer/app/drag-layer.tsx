import { useRef, type Ref } from 'react';
import { archiveBadgeText } from '../lib/drop-place.ts';
import { isPlace, isTaken, judgeTarget, targetBadgeText } from '../lib/drop-target.ts';
import { hostOf } from '../queries/known-image.ts';
import { useMoving } from '../state/moving.ts';
import { DragBadge } from '../ui/drag-badge.tsx';
import { useDragMonitor } from '../ui/use-drag-monitor.ts';
import type { Point } from '../ui/use-drop-zone.ts';

/** Beside the pointer, and never under it. */
const OFFSET = 14;

function Badge({ badgeRef }: { readonly badgeRef: Ref<HTMLDivElement> }) {
  const dragged = useMoving((state) => state.dragged);
  const over = useMoving((state) => state.over);
  if (dragged === undefined) return null;
  if (dragged === 'archives') {
    if (over === undefined || !isPlace(over)) return null;
    return <DragBadge ref={badgeRef} tone="accept" text={archiveBadgeText(over, hostOf(over.registryId))} />;
  }
  const verdict = over === undefined ? undefined : judgeTarget(dragged, over, hostOf);
  const tone = verdict === undefined ? 'neutral' : isTaken(verdict) ? 'accept' : 'refuse';
  return <DragBadge ref={badgeRef} tone={tone} text={targetBadgeText(dragged, verdict)} />;
}

/** Follows what is dragged through the window, and says beside the pointer what a drop would do. */
export function DragLayer() {
  const badge = useRef<HTMLDivElement>(null);
  const last = useRef<Point>({ x: 0, y: 0 });
  const place = (element: HTMLDivElement | null) => {
    if (element === null) return;
    const { width, height } = element.getBoundingClientRect();
    const left = Math.max(0, Math.min(last.current.x + OFFSET, window.innerWidth - width - OFFSET));
    const top = Math.max(0, Math.min(last.current.y + OFFSET, window.innerHeight - height - OFFSET));
    element.style.translate = `${left}px ${top}px`;
  };
  useDragMonitor({
    onFilesEnter: () => {
      useMoving.getState().startArchives();
    },
    onMove: (point) => {
      last.current = point;
      place(badge.current);
    },
    onEnd: () => {
      useMoving.getState().endDrag();
    },
  });
  return (
    <Badge
      badgeRef={(element) => {
        badge.current = element;
        place(element);
      }}
    />
  );
}
