import { create } from 'zustand';
import { createJSONStorage, persist } from 'zustand/middleware';
import {
  close,
  dropRegistry,
  emptyStrip,
  keep,
  reopen,
  restoreStrip,
  thingOf,
  visit,
  type TabStrip,
} from '../lib/tab-strip.ts';

type OpenTabsState = TabStrip & {
  /** Called when the address has changed. */
  readonly visit: (path: string) => void;
  readonly keep: (id: string) => void;
  /** Keeps the tab of an address: the caller navigates to it too. */
  readonly keepPath: (path: string) => void;
  readonly close: (id: string) => void;
  readonly reopen: () => void;
  readonly dropRegistry: (registryId: string) => void;
};

/**
 * The tab strip. The address decides which tab is active; closing or cycling answers with where to go by `activeId`.
 * It outlives a reload of this window, and no more: what a person looked at is not kept on the machine.
 */
export const useOpenTabs = create<OpenTabsState>()(
  persist(
    (set) => ({
      ...emptyStrip,
      visit: (path) => {
        set((strip) => visit(strip, path));
      },
      keep: (id) => {
        set((strip) => keep(strip, id));
      },
      keepPath: (path) => {
        set((strip) => keep(visit(strip, path), thingOf(path)));
      },
      close: (id) => {
        set((strip) => close(strip, id));
      },
      reopen: () => {
        set(reopen);
      },
      dropRegistry: (registryId) => {
        set((strip) => dropRegistry(strip, registryId));
      },
    }),
    {
      name: 'gantry.tabs',
      version: 1,
      storage: createJSONStorage(() => sessionStorage),
      partialize: ({ tabs, closed }) => ({ tabs, closed }),
      merge: (stored, initial) => ({ ...initial, ...restoreStrip(stored) }),
    },
  ),
);
