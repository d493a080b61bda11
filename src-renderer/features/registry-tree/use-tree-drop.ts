import { useEffect, useRef, useState, type RefObject } from 'react';
import { isPlace, isTaken, judgeTarget, targetOfRow, type DropTarget } from '../../lib/drop-target.ts';
import { useNavigate } from 'react-router';
import { isOpenable, type TreeRow } from '../../lib/tree-rows.ts';
import { hostOf } from '../../queries/known-image.ts';
import { useMoving } from '../../state/moving.ts';
import { dropOnTarget, pushDropped } from '../../state/transfer-commands.ts';
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

/** Puts what was dropped into a wizard, compares it, or says why nothing happens: a drop is always answered. */
function take(
  target: DropTarget | undefined,
  files: readonly DataTransferItem[] | undefined,
  go: (path: string) => void,
): void {
  if (files !== undefined) {
    void pushDropped(readDropped(files), target !== undefined && isPlace(target) ? target : undefined);
    return;
  }
  const { dragged } = useMoving.getState();
  if (dragged === undefined || dragged === 'archives') return;
  const { path, refusal } =
    target === undefined
      ? { refusal: 'Drop it on a registry, a path or a repository to copy it, on a tag to compare it' }
      : dropOnTarget(dragged, target, hostOf);
  if (path !== undefined) go(path);
  if (refusal !== undefined) announce(displayText(refusal));
}

/**
 * The tree as a place to drop on: rows under the pointer light up and open, the list scrolls near its edges. One zone for
 * the whole tree, since rows come and go while it scrolls.
 */
export function useTreeDrop(scroller: RefObject<HTMLElement | null>, rows: readonly TreeRow[]) {
  const navigate = useNavigate();
  const dragged = useMoving((state) => state.dragged);
  const setOver = useMoving((state) => state.setOver);
  const [overId, setOverId] = useState<string>();
  const last = useRef<Point | undefined>(undefined);
  const look = (point: Point) => {
    const id = rowIdAt(point);
    const row = rows.find((candidate) => candidate.id === id);
    if (id === overId && useMoving.getState().over !== undefined) return;
    setOverId(id);
    setOver(row === undefined ? undefined : targetOfRow(row, useMoving.getState().dragged));
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
      const target = row === undefined ? undefined : targetOfRow(row, useMoving.getState().dragged);
      leave();
      take(target, files, (path) => void navigate(path));
    },
  });
  useSpringLoad(rows, dragged === undefined ? undefined : overId);
  return {
    /** How a row looks while something is dragged; undefined when nothing is. */
    lookOf: (row: TreeRow): DropLook | undefined => {
      if (dragged === undefined) return undefined;
      const target = targetOfRow(row, dragged);
      const accepts = target !== undefined && (dragged === 'archives' || isTaken(judgeTarget(dragged, target, hostOf)));
      if (!accepts) return 'refuses';
      return row.id === overId ? 'over' : 'accepts';
    },
  };
}
