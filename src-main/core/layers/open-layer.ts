import type { Readable } from 'node:stream';
import type { LayerNode } from './index/stored-index.ts';
import type { LayerIndex } from './layer-entry.ts';
import type { Rows, Window } from './window.ts';

/** How far the bytes of one file may be believed. */
export type FileVerification =
  /** They are those of the layer whose digest was verified, whole or part by part. */
  | 'verified'
  /** They are what a published index says, and the manifest vouches for that index. */
  | 'by-published-index'
  /** They came from the registry alone: nothing was there to check them against, or only what anybody could attach. */
  | 'unverified';

export type LayerFile = {
  readonly sizeBytes: number;
  readonly verification: FileVerification;
  /** Fails with a `RegistryError` (`digest-mismatch` where the bytes are others). Destroying it frees everything. */
  readonly stream: Readable;
};

/** The first bytes of a file. `isWhole`: they are all of it. */
export type FilePreview = {
  readonly bytes: Buffer;
  readonly isWhole: boolean;
  readonly sizeBytes: number;
  readonly verification: FileVerification;
};

/** One of several files that are read one after another. Its bytes must be taken before the next is asked for. */
export type FileInTurn = { readonly order: number; readonly bytes: AsyncIterable<Buffer> };

type Call = { readonly signal?: AbortSignal };

/** An opened layer as a person walks through it. All lists are read by window. */
export type OpenLayer = LayerIndex & {
  /**
   * What lies directly in a folder (`''` is the root), by the bytes of the names; undefined when there is no such
   * path. Of several entries of one path the last is shown; whiteouts are rows of their own.
   * @throws {InvalidInputError} for a window wider than 1000 rows
   */
  list(folder: string, window: Window): Rows<LayerNode> | undefined;
  /**
   * The content of the entry with that `order`; of a hard link that of the file it names in this layer. Holes of sparse
   * files come as zeros. Without the blob at hand, one Range request with at most 4 MiB too much where a seek index or
   * a published one is there; else the blob is read again.
   * @throws {FilesError} `not-a-file`, `no-such-path`, `no-content`; {RegistryError}; the signal's reason
   */
  readFile(order: number, call?: Call): Promise<LayerFile>;
  /**
   * The contents of entries of type `file`, in the order in which they are named. Where that is the order of the tar, what
   * lies near to one another is read in one go. @throws as `readFile`
   */
  readFiles(orders: readonly number[], call?: Call): AsyncGenerator<FileInTurn, void, void>;
  /** Whether files are read without a request; waits for what is being made of the blob to find them quickly. */
  isAtHand(call?: Call): Promise<boolean>;
  /** At most `limitBytes` from its begin, which may be up to 1 MiB. */
  preview(order: number, call: Call & { readonly limitBytes: number }): Promise<FilePreview>;
};
