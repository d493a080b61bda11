import { create } from 'zustand';
import type { TransferDraft } from '../lib/transfer-draft.ts';

/** The part of the connect dialog that mends what went wrong. */
export type EditFocus =
  | 'auth'
  | 'options'
  | 'plain-http'
  | 'verification'
  | 'authority'
  | 'client-certificate'
  | 'upload-hosts';

/** What the connect dialog starts with. */
export type ConnectPrefill = {
  readonly host?: string;
  readonly label?: string;
  readonly plainHttp?: boolean;
  readonly auth?: 'anonymous' | 'password' | 'bearer' | 'identity' | 'config';
  /** Opened once the registry is there: the reference that was pasted. */
  readonly thenReference?: string;
};

/** The dialog shown, one at a time. */
export type OpenDialog =
  | { readonly kind: 'none' }
  | { readonly kind: 'connect'; readonly prefill: ConnectPrefill }
  | { readonly kind: 'edit-registry'; readonly registryId: string; readonly focus?: EditFocus }
  /** Asks whether the credential may go to a token server of another name; `retry` is what was refused. */
  | {
      readonly kind: 'trust-host';
      readonly registryId: string;
      readonly registryHost: string;
      readonly host: string;
      readonly retry: () => void;
    }
  | { readonly kind: 'remove-registry'; readonly registryId: string }
  | { readonly kind: 'pin'; readonly registryId: string }
  | { readonly kind: 'transfer'; readonly draft: TransferDraft }
  | { readonly kind: 'palette' }
  | { readonly kind: 'shortcuts' };

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
