import { create } from 'zustand';
import { registryRowId } from '../lib/tree-rows.ts';

type TreeState = {
  /** Ids of the open rows; rows themselves come and go with scrolling. */
  readonly expanded: ReadonlySet<string>;
  readonly focusedId: string | undefined;
  readonly filter: string;
  readonly setExpanded: (ids: readonly string[], open: boolean) => void;
  readonly focus: (id: string | undefined) => void;
  readonly setFilter: (filter: string) => void;
};

export const useTreeState = create<TreeState>()((set) => ({
  // The Local registry is open from the first start: there is something to see at once.
  expanded: new Set([registryRowId('local')]),
  focusedId: undefined,
  filter: '',
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
