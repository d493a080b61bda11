import { useEffect, useRef, useState, type RefObject } from 'react';
import { judgeDrop, placeOfRow, type DropPlace } from '../../lib/drop-place.ts';
import { isOpenable, type TreeRow } from '../../lib/tree-rows.ts';
import { hostOf } from '../../queries/known-image.ts';
import { useMoving } from '../../state/moving.ts';
import { dropOn, pushDropped } from '../../state/transfer-commands.ts';
import { useTreeState } from '../../state/tree-state.ts';
import { announce } from '../../ui/announcer.tsx';
import { readDropped } from '../../ui/read-dropped.ts';
import { useDropZone, type Point } from '../../ui/use-drop-zone.ts';
import { useEdgeScroll } from '../../ui/use-edge-scroll.ts';
import { displayText } from '#shared/oci/display-text.ts';

/** So long the pointer rests on a closed row before it opens. */
const OPEN_AFTER_MS = 600;

export type DropLook = 'accepts' | 'over' | 'refuses';

function rowIdAt({ x, y }: Point): string | undefined {
  return document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-row]')?.dataset['row'];
}

/** Opens a closed row that the pointer rests on. */
function useSpringLoad(rows: readonly TreeRow[], overId: string | undefined): void {
  const setExpanded = useTreeState((state) => state.setExpanded);
  const row = rows.find(({ id }) => id === overId);
  const closedId = row !== undefined && isOpenable(row) && !row.open ? row.id : undefined;
  useEffect(() => {
    if (closedId === undefined) return undefined;
    const timer = setTimeout(() => {
      setExpanded([closedId], true);
    }, OPEN_AFTER_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [closedId, setExpanded]);
}

/** Puts what was dropped into a wizard, or says why nothing happens: a drop is always answered. */
function take(place: DropPlace | undefined, files: readonly DataTransferItem[] | undefined): void {
  if (files !== undefined) {
    void pushDropped(readDropped(files), place);
    return;
  }
  const { dragged } = useMoving.getState();
  if (dragged === undefined || dragged === 'archives') return;
  const refusal =
    place === undefined ? 'Drop it on a registry, a path or a repository' : dropOn(dragged, place, hostOf);
  if (refusal !== undefined) announce(displayText(refusal));
}

/**
 * The tree as a place to drop on: rows under the pointer light up and open, the list scrolls near its edges. One zone for
 * the whole tree, since rows come and go while it scrolls.
 */
export function useTreeDrop(scroller: RefObject<HTMLElement | null>, rows: readonly TreeRow[]) {
  const dragged = useMoving((state) => state.dragged);
  const setOver = useMoving((state) => state.setOver);
  const [overId, setOverId] = useState<string>();
  const last = useRef<Point | undefined>(undefined);
  const look = (point: Point) => {
    const id = rowIdAt(point);
    const row = rows.find((candidate) => candidate.id === id);
    if (id === overId && useMoving.getState().over !== undefined) return;
    setOverId(id);
    setOver(row === undefined ? undefined : placeOfRow(row));
  };
  const edge = useEdgeScroll(scroller, () => {
    if (last.current !== undefined) look(last.current);
  });
  const leave = () => {
    edge.stop();
    last.current = undefined;
    setOverId(undefined);
    setOver(undefined);
  };
  useDropZone(scroller, {
    onOver: (point) => {
      last.current = point;
      look(point);
      edge.point(point.y);
    },
    onLeave: leave,
    onDrop: (point, files) => {
      const id = rowIdAt(point);
      const row = rows.find((candidate) => candidate.id === id);
      const place = row === undefined ? undefined : placeOfRow(row);
      leave();
      take(place, files);
    },
  });
  useSpringLoad(rows, dragged === undefined ? undefined : overId);
  return {
    /** How a row looks while something is dragged; undefined when nothing is. */
    lookOf: (row: TreeRow): DropLook | undefined => {
      if (dragged === undefined) return undefined;
      const place = placeOfRow(row);
      const accepts =
        place !== undefined && (dragged === 'archives' || judgeDrop(dragged, place, hostOf).kind === 'copy');
      if (!accepts) return 'refuses';
      return row.id === overId ? 'over' : 'accepts';
    },
  };
}
