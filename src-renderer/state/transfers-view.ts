import { create } from 'zustand';

type TransfersViewState = {
  /** The list at the foot of the window is unfolded. */
  readonly isDockOpen: boolean;
  /** What has ended while nobody looked at the list; the strip stays until somebody does. */
  readonly unseenIds: ReadonlySet<string>;
  readonly openDock: () => void;
  readonly toggleDock: () => void;
  readonly closeDock: () => void;
  readonly addUnseen: (transferIds: readonly string[]) => void;
  readonly markSeen: () => void;
};

const NONE: ReadonlySet<string> = new Set();

export const useTransfersView = create<TransfersViewState>()((set) => ({
  isDockOpen: false,
  unseenIds: NONE,
  openDock: () => {
    set({ isDockOpen: true });
  },
  toggleDock: () => {
    set(({ isDockOpen }) => ({ isDockOpen: !isDockOpen }));
  },
  closeDock: () => {
    set({ isDockOpen: false, unseenIds: NONE });
  },
  addUnseen: (transferIds) => {
    if (transferIds.length > 0) set(({ unseenIds }) => ({ unseenIds: new Set([...unseenIds, ...transferIds]) }));
  },
  markSeen: () => {
    set({ unseenIds: NONE });
  },
}));
