import { create } from 'zustand';
import type { Shelf } from '../lib/current-row.ts';
import { registryRowId } from '../lib/tree-rows.ts';

type TreeState = {
  /** Ids of the open rows; rows themselves come and go with scrolling. */
  readonly expanded: ReadonlySet<string>;
  readonly focusedId: string | undefined;
  readonly filter: string;
  /** What the tree went to last, and in which of its two places; `revealing` until its row is in view. */
  readonly revealedKey: string | undefined;
  readonly shelf: Shelf;
  readonly revealing: boolean;
  readonly reveal: (key: string | undefined, to: { readonly shelf: Shelf; readonly open: readonly string[] }) => void;
  readonly endReveal: () => void;
  readonly setExpanded: (ids: readonly string[], open: boolean) => void;
  readonly focus: (id: string | undefined) => void;
  readonly setFilter: (filter: string) => void;
};

export const useTreeState = create<TreeState>()((set) => ({
  // The Local registry is open from the first start: there is something to see at once.
  expanded: new Set([registryRowId('local')]),
  focusedId: undefined,
  filter: '',
  revealedKey: undefined,
  shelf: 'registry',
  revealing: false,
  reveal: (revealedKey, { shelf, open }) => {
    set(({ expanded }) => ({
      revealedKey,
      shelf,
      revealing: revealedKey !== undefined,
      expanded: open.every((id) => expanded.has(id)) ? expanded : new Set([...expanded, ...open]),
    }));
  },
  endReveal: () => {
    set({ revealing: false });
  },
  setExpanded: (ids, open) => {
    set(({ expanded }) => {
      const next = new Set(expanded);
      for (const id of ids) {
        if (open) next.add(id);
        else next.delete(id);
      }
      return { expanded: next };
    });
  },
  focus: (focusedId) => {
    set({ focusedId });
  },
  setFilter: (filter) => {
    set({ filter });
  },
}));
