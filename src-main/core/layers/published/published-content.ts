import type { LayerEntry } from '../layer-entry.ts';
import type { OpenRange } from '../seek/read-parts.ts';

/** Where the contents of files are, as a published table says. */
export type PublishedContent = {
  /**
   * How to read a file that is not empty; undefined where the table does not say. `isChecked`: nothing is given that the
   * table has no digest of.
   */
  readonly find: (
    entry: LayerEntry,
  ) => { readonly isChecked: boolean; readonly read: (open: OpenRange) => AsyncIterable<Buffer> } | undefined;
};
