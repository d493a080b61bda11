import { create } from 'zustand';

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
  expanded: new Set(),
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
