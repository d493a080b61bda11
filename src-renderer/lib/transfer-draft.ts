import type { CopySource } from './copy-sources.ts';
import type { DropPlace } from './drop-place.ts';

/** A file of the desktop, named by its path inside what was dropped or chosen. */
export type PickedFile = { readonly path: string; readonly file: File };

/** One archive, or one folder with all that is in it. */
export type PickedArchive = {
  readonly name: string;
  readonly kind: 'file' | 'folder';
  readonly files: readonly PickedFile[];
  /** What stands for it as a whole: a host that knows paths of this machine finds it by this. */
  readonly self: File | undefined;
};

/** What a wizard starts with. */
export type TransferDraft =
  | {
      readonly kind: 'copy';
      readonly sources: readonly CopySource[];
      readonly place?: DropPlace | undefined;
      /** Dropped or pasted: everything is said already, so it opens at the plan. */
      readonly atPlan?: boolean;
    }
  | { readonly kind: 'push'; readonly archives: readonly PickedArchive[]; readonly place?: DropPlace | undefined }
  | { readonly kind: 'pull'; readonly sources: readonly CopySource[] };
