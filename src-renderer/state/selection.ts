import type { Descriptor } from '#shared/oci/descriptor.ts';
import type { LayerView } from '#shared/api/images.ts';
import { create } from 'zustand';

type InRepository = { readonly registryId: string; readonly repository: string };

/** What the inspector shows. */
export type Selection =
  | { readonly kind: 'none' }
  | { readonly kind: 'registry'; readonly registryId: string }
  | ({ readonly kind: 'repository' } & InRepository)
  | ({ readonly kind: 'tag'; readonly tag: string; readonly digest?: string | undefined } & InRepository)
  | ({
      readonly kind: 'image';
      readonly reference: string;
      /** Digest of the child shown, for an index. */
      readonly platform?: string | undefined;
    } & InRepository)
  | ({ readonly kind: 'descriptor'; readonly descriptor: Descriptor; readonly label: string } & InRepository)
  | ({
      readonly kind: 'layer';
      readonly layer: LayerView;
      readonly index: number;
      /** The line of history that made it. */
      readonly instruction?: string | undefined;
    } & InRepository);

/** Totals of a multi-selection, for the status bar. `bytes` is absent until every size is known. */
export type SelectionTotals = { readonly count: number; readonly bytes?: number | undefined; readonly what: string };

type SelectionState = {
  readonly selection: Selection;
  readonly totals: SelectionTotals | undefined;
  readonly select: (selection: Selection) => void;
  readonly setTotals: (totals: SelectionTotals | undefined) => void;
};

export const useSelection = create<SelectionState>()((set) => ({
  selection: { kind: 'none' },
  totals: undefined,
  select: (selection) => {
    set({ selection });
  },
  setTotals: (totals) => {
    set({ totals });
  },
}));
