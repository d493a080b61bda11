import { create } from 'zustand';
import type { CopySource } from '../lib/copy-sources.ts';
import { pointOfSources, type Dragged, type DropTarget } from '../lib/drop-target.ts';
import type { ComparePoint } from '../lib/compare-place.ts';

/** What is under way between two places of the window: by pointer, or marked by key for a later paste. */
type MovingState = {
  /** Images being dragged; `archives` while files of the desktop are. */
  readonly dragged: Dragged | 'archives' | undefined;
  /** What the pointer is over, whether it takes them or not. */
  readonly over: DropTarget | undefined;
  /** Marked by Ctrl+C, for Ctrl+V on a place. */
  readonly marked: readonly CopySource[];
  /** What a command that names no image is about: the ticked rows, else what is shown. */
  readonly picked: readonly CopySource[];
  /** `point` says more of the one image that it is: its platform. */
  readonly startDrag: (sources: readonly CopySource[], point?: ComparePoint) => void;
  readonly startArchives: () => void;
  readonly setOver: (over: DropTarget | undefined) => void;
  readonly endDrag: () => void;
  readonly mark: (marked: readonly CopySource[]) => void;
  readonly pick: (picked: readonly CopySource[]) => void;
};

export const useMoving = create<MovingState>()((set) => ({
  dragged: undefined,
  over: undefined,
  marked: [],
  picked: [],
  startDrag: (sources, point = pointOfSources(sources)) => {
    set({ dragged: { sources, point }, over: undefined });
  },
  startArchives: () => {
    set({ dragged: 'archives', over: undefined });
  },
  setOver: (over) => {
    set({ over });
  },
  endDrag: () => {
    set({ dragged: undefined, over: undefined });
  },
  mark: (marked) => {
    set({ marked });
  },
  pick: (picked) => {
    set({ picked });
  },
}));
