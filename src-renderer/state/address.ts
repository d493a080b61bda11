import { create } from 'zustand';

type AddressState = {
  /** The address field is a text field now, not a breadcrumb. */
  readonly editing: boolean;
  /** Starts with this text instead of the address shown. */
  readonly draft: string | undefined;
  readonly edit: () => void;
  readonly editWith: (draft: string) => void;
  readonly stop: () => void;
};

export const useAddress = create<AddressState>()((set) => ({
  editing: false,
  draft: undefined,
  edit: () => {
    set({ editing: true, draft: undefined });
  },
  editWith: (draft) => {
    set({ editing: true, draft });
  },
  stop: () => {
    set({ editing: false, draft: undefined });
  },
}));
