import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { digestSchema } from '../oci/digest.ts';
import { digestRefSchema } from './common.ts';
import { procedure } from './procedure.ts';

/**
 * What is looked into: the image of that manifest digest (never an index), all its layers stacked; or, with
 * `layerDigest`, that one layer or blob of the manifest alone.
 */
export const filesTargetSchema = digestRefSchema.extend({ layerDigest: digestSchema.optional() });
export type FilesTarget = z.infer<typeof filesTargetSchema>;

/**
 * A path inside: no leading slash, `''` is the root. Bytes that are not UTF-8 stand as lone surrogates U+DC80–U+DCFF, so
 * that two names never become one; show it through SafeText, and send it back as it came.
 */
export const insidePathSchema = z.string().max(65_536);

/** Position of a layer, 0 is the lowest. */
export const layerIndexSchema = z.int().min(0).max(10_000);

/** What of the stacked layers is shown. Sizes and counts of directories are always those of the view. */
export const filesViewSchema = z.discriminatedUnion('kind', [
  /** What a container would see; as it was after that layer with `upToLayer`; with what was deleted, when `deleted`. */
  z.object({
    kind: z.literal('merged'),
    upToLayer: layerIndexSchema.optional(),
    deleted: z.boolean().default(false),
  }),
  /** What one layer brings, its markers for deletion included. */
  z.object({ kind: z.literal('layer'), layer: layerIndexSchema }),
  /** What one layer changes of those below it. */
  z.object({ kind: z.literal('changes'), layer: layerIndexSchema }),
]);
export type FilesView = z.infer<typeof filesViewSchema>;

/** Rows are read by window; an offset past the end gives none. */
export const windowShape = {
  offset: z.int().nonnegative().default(0),
  limit: z.int().min(1).max(1000).default(200),
};

export const fileTypeSchema = z.enum([
  'file',
  'directory',
  'symlink',
  'hardlink',
  'char-device',
  'block-device',
  'fifo',
  /** The layer's marker that deletes what lies below at this path. Only in views of one layer. */
  'whiteout',
]);
export type FileType = z.infer<typeof fileTypeSchema>;

/** How an entry came to be hidden: by a marker on it or on a parent, an opaque parent, or by another entry. */
export const hidingSchema = z.object({
  layer: layerIndexSchema,
  how: z.enum(['whiteout', 'opaque', 'replaced', 'parent-replaced', 'same-layer']),
  /** Where the marker or the other entry stands; the entry's own path or one above it. */
  path: insidePathSchema,
});
export type Hiding = z.infer<typeof hidingSchema>;

/**
 * What one layer did to a path. `content` says what is known: `same` bytes (the same link target, the same content by a
 * hard link), `different`, or `unknown` where only the sizes are equal. `metadata` names what else differs.
 */
export const fileChangeSchema = z.object({
  status: z.enum(['added', 'removed', 'changed', 'unchanged']),
  content: z.enum(['same', 'different', 'unknown']).optional(),
  metadata: z.array(z.enum(['type', 'mode', 'owner', 'modified', 'link'])),
  /** Of the file that lay there before. */
  previousSizeBytes: z.number().optional(),
  previousType: fileTypeSchema.optional(),
});
export type FileChange = z.infer<typeof fileChangeSchema>;

const rowFields = {
  path: insidePathSchema,
  /** The last part of `path`; `''` for the root. */
  name: z.string(),
  type: fileTypeSchema,
  /** A file's content (a hard link's: of what it names); of a directory all files below it, each content once. */
  sizeBytes: z.number(),
  mode: z.int(),
  uid: z.number(),
  gid: z.number(),
  userName: z.string().optional(),
  groupName: z.string().optional(),
  /** Seconds since the epoch, with a fraction where the tar has one. */
  modifiedSeconds: z.number(),
  /** As written for symbolic links; a path from the root for hard links. */
  linkTarget: z.string().optional(),
  device: z.string().optional(),
  /** Which layer's entry this is; absent for a directory that no layer has an entry for, only things in it. */
  layer: layerIndexSchema.optional(),
  state: z.enum(['present', 'hidden']),
  hiddenBy: hidingSchema.optional(),
  notes: z.array(
    z.enum([
      /** The content has holes that take no room in the tar. */
      'sparse',
      /** This layer hides everything that lower layers have in the directory. */
      'opaque',
      /** A symbolic link that points out of the file system by `..`; followed, it stays at the root. */
      'escaping-link',
      /** A hard link to what is not there. */
      'broken-hard-link',
      /** A name that could mislead outside: a drive, a leading backslash, a control character. */
      'unsafe-name',
    ]),
  ),
};

/** One row of a directory or a result list. */
export const fileRowSchema = z.object({
  ...rowFields,
  /** Of a directory: entries directly in it, and files anywhere below it, in this view. */
  childCount: z.int().optional(),
  fileCount: z.int().optional(),
  /** How many layers' entries there are for the path, hidden ones and markers included. */
  versionCount: z.int(),
  /** In views of kind `changes`. */
  change: fileChangeSchema.optional(),
  /** In views of kind `changes`, of a directory: what changed below it. */
  changesBelow: z
    .object({ addedCount: z.int(), removedCount: z.int(), changedCount: z.int(), sizeDelta: z.number() })
    .optional(),
});
export type FileRow = z.infer<typeof fileRowSchema>;

/** One layer's entry of a path. */
export const fileVersionSchema = z.object(rowFields);
export type FileVersion = z.infer<typeof fileVersionSchema>;

export const openedLayerSchema = z.object({
  index: layerIndexSchema,
  digest: digestSchema,
  /** Of the blob. */
  compressedBytes: z.number(),
  /** Of the tar; absent when only a published index was read. */
  tarBytes: z.number().optional(),
  /** Of all files in it. */
  contentBytes: z.number(),
  entryCount: z.int(),
  /** `verified`: read whole and its digest checked. `foreign`: its bytes lie elsewhere and are not fetched. */
  origin: z.enum(['verified', 'published-index', 'foreign']),
  isComplete: z.boolean(),
  /** Why the listing stops before the layer's end; what is listed before is right. */
  incompleteReason: z
    .enum([
      'truncated',
      'bad-compression',
      'not-tar',
      'bad-tar',
      'ambiguous-tar',
      'entry-limit',
      'output-limit',
      'ratio-limit',
    ])
    .optional(),
  /** What is odd about it. */
  remarks: z.array(z.enum(['trailing-garbage', 'content-after-end', 'no-end-of-archive'])),
  /** Does the tar have the digest that the config promises (T15)? */
  diffId: z.enum(['match', 'mismatch', 'unknown']),
  /** The history line that made it, when they can be matched. */
  historyIndex: z.int().optional(),
  createdBy: z.string().optional(),
  /** Entries whose path leads out of the root, through a circle of links or too deep, and broken markers: in no tree. */
  unplacedCount: z.int(),
});
export type OpenedLayer = z.infer<typeof openedLayerSchema>;

export const openedFilesSchema = z.object({
  layers: z.array(openedLayerSchema),
  /** Of the merged view. */
  fileCount: z.int(),
  directoryCount: z.int(),
  sizeBytes: z.number(),
  hiddenCount: z.int(),
  /** Up to 100 of the entries that stand in no tree, as written. */
  unplaced: z
    .array(
      z.object({
        layer: layerIndexSchema,
        path: z.string(),
        reason: z.enum(['escaping', 'too-deep', 'link-loop', 'bad-marker']),
      }),
    )
    .max(100),
});
export type OpenedFiles = z.infer<typeof openedFilesSchema>;

export const layerProgressSchema = z.object({
  index: layerIndexSchema,
  digest: digestSchema,
  state: z.enum(['waiting', 'reading', 'ready', 'foreign']),
  readBytes: z.number(),
  totalBytes: z.number(),
  entryCount: z.int(),
});

/** At most ten a second; `ready` is the last. `secondsLeft` is absent until there is a speed to judge by. */
export const openEventSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('progress'),
    readBytes: z.number(),
    totalBytes: z.number(),
    bytesPerSecond: z.number().optional(),
    secondsLeft: z.number().optional(),
    layers: z.array(layerProgressSchema),
  }),
  /** All layers are read; the tree is being made of them. */
  z.object({ kind: z.literal('merging'), entryCount: z.int(), totalEntryCount: z.int() }),
  z.object({ kind: z.literal('ready'), opened: openedFilesSchema }),
]);
export type OpenEvent = z.infer<typeof openEventSchema>;

export const fileOrderSchema = z.object({
  by: z.enum(['name', 'size', 'modified']).default('name'),
  descending: z.boolean().default(false),
  foldersFirst: z.boolean().default(true),
});
export type FileOrder = z.infer<typeof fileOrderSchema>;

const inView = filesTargetSchema.extend({ view: filesViewSchema });
const rowsSchema = z.object({ rows: z.array(fileRowSchema).max(1000), totalCount: z.int() });

/** A rectangle of the treemap. Flat: `parent` is the position of another node in the list; the root comes first. */
export const treemapNodeSchema = z.object({
  parent: z.int().optional(),
  path: insidePathSchema,
  name: z.string(),
  sizeBytes: z.number(),
  fileCount: z.int(),
  /** `rest`: what is too small to be shown alone, of the directory `path`. */
  kind: z.enum(['directory', 'file', 'rest']),
  /** Of a file: the layer that its content comes from. */
  layer: layerIndexSchema.optional(),
});
export type TreemapNode = z.infer<typeof treemapNodeSchema>;

/** What the first bytes of a file are, read by us and not by a library of the system. Texts are not yet escaped. */
export const fileSummarySchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('elf'),
    bits: z.union([z.literal(32), z.literal(64)]),
    byteOrder: z.enum(['little', 'big']),
    machine: z.string(),
    type: z.string(),
    interpreter: z.string().optional(),
  }),
  z.object({ kind: z.literal('json'), root: z.enum(['object', 'array', 'value']), keys: z.array(z.string()).max(50) }),
  z.object({ kind: z.literal('xml'), rootElement: z.string(), doctype: z.boolean() }),
  z.object({ kind: z.literal('script'), interpreter: z.string() }),
]);
export type FileSummary = z.infer<typeof fileSummarySchema>;

export const previewSchema = z.object({
  row: fileRowSchema,
  /** Where the content stands when `path` was a link. */
  contentPath: insidePathSchema,
  /** Of the whole file. */
  sizeBytes: z.number(),
  /** How much of it is here, from the start. */
  shownBytes: z.number(),
  summary: fileSummarySchema.optional(),
  /** `false`: read by a range or from a published index, so its bytes were not checked against the layer's digest. */
  isVerified: z.boolean(),
  content: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('text'),
      encoding: z.enum(['utf-8', 'utf-16le', 'utf-16be', 'latin1']),
      text: z.string(),
      /** A guess for highlighting, from name and first line: `json`, `shell`, `python`. */
      language: z.string().optional(),
    }),
    z.object({ kind: z.literal('binary'), base64: z.string() }),
    /** At most 1 MiB and 16 million pixels; PNG, JPEG, GIF or WebP by its own header. */
    z.object({
      kind: z.literal('image'),
      mediaType: z.enum(['image/png', 'image/jpeg', 'image/gif', 'image/webp']),
      width: z.int(),
      height: z.int(),
      base64: z.string(),
    }),
  ]),
});
export type Preview = z.infer<typeof previewSchema>;

/** What is saved: the whole merged file system, a directory with all below it, or one regular file. */
export const saveWhatSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('tar'), path: insidePathSchema.default('') }),
  z.object({ kind: z.literal('file'), path: insidePathSchema }),
]);

/** To a place from `files.chooseDestination`, or kept for one download by the page. */
export const saveDestinationSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('path'), pathId: z.string().max(64) }),
  z.object({ kind: z.literal('download') }),
]);

export const saveEventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), writtenBytes: z.number(), totalBytes: z.number() }),
  z.object({
    kind: z.literal('done'),
    writtenBytes: z.number(),
    entryCount: z.int(),
    /** Up to 100 entries that were left out, with the reason. */
    leftOut: z
      .array(
        z.object({
          path: z.string(),
          reason: z.enum(['escaping-path', 'escaping-link', 'broken-hard-link', 'unplaced']),
        }),
      )
      .max(100),
    leftOutCount: z.int(),
    /** A path of this host, good for one GET within a minute; when the destination was `download`. */
    downloadPath: z.string().optional(),
  }),
]);
export type SaveEvent = z.infer<typeof saveEventSchema>;

/**
 * Looking inside an image. `open` first; afterwards everything answers from what is kept, without the registry but for
 * content. Anything else but `open` answers `files{not-open}` when the target was let go meanwhile: open it again.
 */
export const filesContract = {
  /** Reads the layers that are not known yet. Ending the stream stops it at once. */
  open: procedure.input(filesTargetSchema).output(eventIterator(openEventSchema)),

  /** What is directly in a directory. Symbolic links in `path` are followed. */
  list: procedure
    .input(
      inView.extend({
        path: insidePathSchema,
        order: fileOrderSchema.default(fileOrderSchema.parse({})),
        ...windowShape,
      }),
    )
    .output(rowsSchema.extend({ directory: fileRowSchema })),

  /** Everything about one path: its versions over the layers, and where a link leads. */
  stat: procedure.input(inView.extend({ path: insidePathSchema })).output(
    z.object({
      row: fileRowSchema,
      /** The newest first, markers included. */
      versions: z.array(fileVersionSchema).max(1000),
      /** Where a symbolic link leads in the end; absent when it leads nowhere. */
      resolvedPath: insidePathSchema.optional(),
      linkProblem: z.enum(['broken', 'too-many-links']).optional(),
      /** Other paths with the same content by hard links, at most 100. */
      hardLinks: z.array(insidePathSchema).max(100),
      xattrs: z.array(z.tuple([z.string(), z.string()])),
    }),
  ),

  /**
   * By name: part of it in any case, or a glob (`*.so`, `usr/**`, `lib?/[a-f]*`), which is taken for one as soon as it has
   * `*`, `?` or `[…]` in it. With a slash it is the whole path that is looked at. In the order of paths.
   */
  search: procedure
    .input(inView.extend({ query: z.string().min(1).max(1024), under: insidePathSchema.default(''), ...windowShape }))
    .output(rowsSchema),

  /** Files by size, the largest first, each content once. */
  largest: procedure.input(inView.extend({ under: insidePathSchema.default(''), ...windowShape })).output(rowsSchema),

  /** Sizes below a directory as at most `maxNodes` nodes, the largest opened first. */
  treemap: procedure
    .input(inView.extend({ path: insidePathSchema.default(''), maxNodes: z.int().min(10).max(5000).default(1000) }))
    .output(z.object({ nodes: z.array(treemapNodeSchema).max(5001) })),

  /** At most `limitBytes` of a file, from its start; links are followed. */
  preview: procedure
    .input(
      inView.extend({
        path: insidePathSchema,
        limitBytes: z.int().min(1).max(1_048_576).default(1_048_576),
        /** Bytes as they are, also of what could be shown as text or image. */
        raw: z.boolean().default(false),
      }),
    )
    .output(previewSchema),

  /** Only where `capabilities.nativeDialogs`: asks where to save; undefined when the person chose nothing. */
  chooseDestination: procedure
    .input(filesTargetSchema.extend({ what: saveWhatSchema }))
    .output(z.object({ chosen: z.object({ pathId: z.string(), name: z.string() }).optional() })),

  /**
   * Writes the merged file system, a directory, or one file. A path that would leave the chosen place stops it with
   * `files{unsafe-path}`, unless `leaveOutUnsafe`. Ending the stream early stops it and leaves nothing behind.
   */
  save: procedure
    .input(
      filesTargetSchema.extend({
        what: saveWhatSchema,
        destination: saveDestinationSchema,
        leaveOutUnsafe: z.boolean().default(false),
      }),
    )
    .output(eventIterator(saveEventSchema)),
};
