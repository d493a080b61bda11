/** What a tar header says that an entry is. `whiteout` and `opaque` are AUFS-style markers (OCI image 1.1, layer.md). */
export type EntryType =
  | 'file'
  | 'directory'
  | 'symlink'
  | 'hardlink'
  | 'char-device'
  | 'block-device'
  | 'fifo'
  | 'whiteout'
  | 'opaque';

/**
 * One entry of a layer. `path` is relative without a leading or trailing slash, `.` and empty segments taken out, and
 * the root is `''`; for a whiteout it is what is hidden, for an opaque marker the directory. Names are the bytes of the
 * tar read as UTF-8; a byte that is none stands as the lone surrogate U+DC00 + byte and the entry has `hasRawBytes`, so
 * that no two names become one and every name can be turned into its bytes again.
 */
export type LayerEntry = {
  /** Position in the layer's tar, from 0: later entries win. */
  readonly order: number;
  readonly path: string;
  readonly type: EntryType;
  /** Of the content; 0 for all but files. For a sparse file the size it expands to. Beyond 2^53 it is rounded. */
  readonly sizeBytes: number;
  /** What the content of a sparse file takes in the tar, which is what a layer ships of it. Absent: `sizeBytes`. */
  readonly storedBytes?: number;
  /** Permission bits with setuid, setgid and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly userName?: string;
  readonly groupName?: string;
  /** Seconds since the epoch, with fraction where PAX gives one. */
  readonly modifiedSeconds: number;
  /** Of symbolic links as written; of hard links the path, in the form of `path`. */
  readonly linkTarget?: string;
  /** Where the content starts in the decompressed tar; absent where a published index does not say. */
  readonly offset?: number;
  /** Values are bytes, spelt like names. */
  readonly xattrs?: ReadonlyArray<readonly [name: string, value: string]>;
  /** `1,3` of devices. */
  readonly device?: string;
  readonly isSparse?: true;
  /** The path or the link target has bytes that are no UTF-8. */
  readonly hasRawBytes?: true;
  /** The path had `..`, a leading slash or a drive in it: shown as written, never to be saved anywhere (T05). */
  readonly isEscaping?: true;
};

/** Where a layer's entries come from, and how far they may be believed. */
export type LayerOrigin =
  /** The whole blob was read and its digest verified. */
  | 'verified'
  /** A table of contents published in the blob or beside it (eStargz, zstd:chunked, SOCI); the blob was not read. */
  | 'published-index';

/** Why a listing stops before the end of its layer. What was listed before is right. */
export type IncompleteReason =
  /** The compressed data or the tar ends in the middle of something (T04). */
  | 'truncated'
  /** The compressed data is damaged. */
  | 'bad-compression'
  /** It does not begin like a tar: no file system layer. */
  | 'not-tar'
  | 'bad-tar'
  /** What comes next is read one way by one tar program and another way by the next (T07). */
  | 'ambiguous-tar'
  | 'entry-limit'
  | 'output-limit'
  /** It expands so much that it can only be a bomb (T01, T02). */
  | 'ratio-limit';

/** How a layer's listing is: whole, or up to where the tar broke off or a bound was met. `detail` holds no registry text. */
export type LayerCompleteness =
  | { readonly isComplete: true }
  | { readonly isComplete: false; readonly reason: IncompleteReason; readonly detail: string };

/** What is odd about a layer that could be listed all the same. */
export type LayerRemark =
  /** Bytes after the compressed data that no decompressor takes (T03). */
  | 'trailing-garbage'
  /** The tar goes on after the blocks that end it; tar programs do not read that. */
  | 'content-after-end'
  /** The two zero blocks that end a tar are missing. */
  | 'no-end-of-archive';

/**
 * An opened layer: everything in it, without its bytes. Entries are read by window, since there may be a million.
 * Paths are those of `LayerEntry.path`.
 */
export type LayerIndex = {
  readonly digest: string;
  readonly origin: LayerOrigin;
  readonly completeness: LayerCompleteness;
  readonly remarks: readonly LayerRemark[];
  readonly entryCount: number;
  /** Decompressed bytes of the tar; undefined when only a published index was read, or the reading stopped early. */
  readonly tarBytes: number | undefined;
  /** SHA-256 of the decompressed tar as `sha256:…`; undefined like `tarBytes`. */
  readonly diffId: string | undefined;
  /** In tar order. Yields often enough that a million entries do not hold up the event loop for more than 20 ms. */
  entries(): AsyncIterable<LayerEntry>;
  /** The last entry of that path in this layer; what is there wins over a whiteout of the same path. */
  find(path: string): LayerEntry | undefined;
};
