import type { Descriptor } from '#shared/oci/descriptor.ts';
import type { Digest } from '#shared/oci/digest.ts';
import type { ContentDestination, ContentSource, ManifestBytes } from '../ends.ts';
import type { RowRecipe } from '../plan/plan-types.ts';
import type { BlobProgress } from './blob-board.ts';

/** What becomes of a row that did not fail. */
export type RowEnd =
  | {
      readonly state: 'done' | 'up-to-date';
      /** The source's tag names this by now, not what the plan saw and was copied (FI20). */
      readonly sourceMovedTo?: Digest;
    }
  /** The tag holds something that was not there when the plan was made. */
  | { readonly state: 'conflict'; readonly existingDigest?: Digest | undefined };

/** A blob as the job knows it. */
export type RowBlob = {
  readonly descriptor: Descriptor;
  /** The destination did not have it when the plan was made, and this is the run that follows. */
  readonly isKnownAbsent: boolean;
  /** The destination had it when the plan was made, or has it by now. */
  readonly isThere: boolean;
};

/** One row with its ends open, and who is to hear of it. */
export type RowTask = {
  readonly recipe: RowRecipe;
  readonly place: string;
  readonly source: ContentSource;
  readonly destination: ContentDestination;
  /** The plan was made just now: most likely everything is as it saw it. */
  readonly isFresh: boolean;
  /** From the journal. @throws {TransferError} when it is not there, which no journal of ours lacks */
  readonly manifest: (digest: Digest) => ManifestBytes;
  readonly blob: (digest: Digest) => RowBlob;
  readonly events: RowEvents;
};

export type RowEvents = {
  readonly onBlob: (digest: Digest, progress: BlobProgress) => void;
  readonly onManifest: (digest: Digest, state: 'sending' | 'done' | 'present') => void;
  /** The tag is being written: until that is over nobody knows which it is. */
  readonly onTagWrite: (isUnderWay: boolean) => void;
  /** Bytes that came from the source. */
  readonly onRead: (bytes: number) => void;
  /** For the job's log: no secret, no line break. */
  readonly onNote: (text: string) => void;
};
