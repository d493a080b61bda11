import { create } from 'zustand';
import type { CopySource } from '../lib/copy-sources.ts';
import type { DropPlace } from '../lib/drop-place.ts';

/** What is under way between two places of the window: by pointer, or marked by key for a later paste. */
type MovingState = {
  /** Images being dragged; `archives` while files of the desktop are. */
  readonly dragged: readonly CopySource[] | 'archives' | undefined;
  /** The place the pointer is over, whether it takes them or not. */
  readonly over: DropPlace | undefined;
  /** Marked by Ctrl+C, for Ctrl+V on a place. */
  readonly marked: readonly CopySource[];
  /** What a command that names no image is about: the ticked rows, else what is shown. */
  readonly picked: readonly CopySource[];
  readonly startDrag: (dragged: readonly CopySource[] | 'archives') => void;
  readonly setOver: (over: DropPlace | undefined) => void;
  readonly endDrag: () => void;
  readonly mark: (marked: readonly CopySource[]) => void;
  readonly pick: (picked: readonly CopySource[]) => void;
};

export const useMoving = create<MovingState>()((set) => ({
  dragged: undefined,
  over: undefined,
  marked: [],
  picked: [],
  startDrag: (dragged) => {
    set({ dragged, over: undefined });
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
