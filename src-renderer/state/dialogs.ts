import { create } from 'zustand';

/** What the connect dialog starts with. */
export type ConnectPrefill = {
  readonly host?: string;
  readonly label?: string;
  readonly plainHttp?: boolean;
  readonly auth?: 'anonymous' | 'password' | 'bearer';
  /** Opened once the registry is there: the reference that was pasted. */
  readonly thenReference?: string;
};

/** The dialog shown, one at a time. */
export type OpenDialog =
  | { readonly kind: 'none' }
  | { readonly kind: 'connect'; readonly prefill: ConnectPrefill }
  /** `focus` names the part of the form that mends what went wrong. */
  | { readonly kind: 'edit-registry'; readonly registryId: string; readonly focus?: 'auth' | 'options' }
  | { readonly kind: 'remove-registry'; readonly registryId: string }
  | { readonly kind: 'pin'; readonly registryId: string }
  | { readonly kind: 'palette' };

type DialogsState = {
  readonly dialog: OpenDialog;
  readonly show: (dialog: OpenDialog) => void;
  readonly close: () => void;
};

export const useDialogs = create<DialogsState>()((set) => ({
  dialog: { kind: 'none' },
  show: (dialog) => {
    set({ dialog });
  },
  close: () => {
    set({ dialog: { kind: 'none' } });
  },
}));
