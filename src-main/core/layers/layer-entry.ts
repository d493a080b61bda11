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
 * tar read as UTF-8 where they are that, else as Latin-1 (`isLatin1`), so that no two names become one.
 */
export type LayerEntry = {
  /** Position in the layer's tar, from 0: later entries win. */
  readonly order: number;
  readonly path: string;
  readonly type: EntryType;
  /** Of the content; 0 for all but files. For a sparse file the size it expands to. */
  readonly sizeBytes: number;
  /** What the content takes in the tar, where that is another number: of sparse files. */
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
  /** Where the content starts in the decompressed tar. */
  readonly offset: number;
  readonly xattrs?: ReadonlyArray<readonly [name: string, value: string]>;
  /** `1,3` of devices. */
  readonly device?: string;
  readonly isSparse?: true;
  readonly isLatin1?: true;
  /** The path had `..`, a leading slash or a drive in it: shown as written, never to be saved anywhere (T05). */
  readonly isEscaping?: true;
};

/** Where a layer's entries come from, and how far they may be believed. */
export type LayerOrigin =
  /** The whole blob was read and its digest verified. */
  | 'verified'
  /** A table of contents published in the blob or beside it (eStargz, zstd:chunked, SOCI); the blob was not read. */
  | 'published-index';

/** How a layer's listing is: whole, or up to where the tar broke off or a bound was met. */
export type LayerCompleteness =
  | { readonly isComplete: true }
  | { readonly isComplete: false; readonly reason: 'truncated' | 'entry-limit' | 'output-limit' | 'bad-tar' };

/**
 * An opened layer: everything in it, without its bytes. Entries are read by window, since there may be a million.
 * Paths are those of `LayerEntry.path`.
 */
export type LayerIndex = {
  readonly digest: string;
  readonly origin: LayerOrigin;
  readonly completeness: LayerCompleteness;
  readonly entryCount: number;
  /** Decompressed bytes of the tar; undefined when only a published index was read. */
  readonly tarBytes: number | undefined;
  /** SHA-256 of the decompressed tar as `sha256:…`; undefined like `tarBytes`. */
  readonly diffId: string | undefined;
  /** In tar order. Yields often enough that a million entries do not hold up the event loop for more than 20 ms. */
  entries(): AsyncIterable<LayerEntry>;
  /** The last entry of that path in this layer. */
  find(path: string): LayerEntry | undefined;
};
