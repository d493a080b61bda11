import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { digestSchema } from '../oci/digest.ts';
import { previewSchema } from './file-preview.ts';
import {
  fileRowSchema,
  filesTargetSchema,
  filesViewSchema,
  fileVersionSchema,
  insidePathSchema,
  layerIndexSchema,
  windowShape,
} from './file-rows.ts';
import { saveDestinationSchema, saveEventSchema, saveWhatSchema } from './file-save.ts';
import { procedure } from './procedure.ts';

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

  /** Only where `capabilities.nativeDialogs`: shows a chosen place in the system's file manager. */
  reveal: procedure.input(z.object({ pathId: z.string().max(64) })).output(z.object({ revealed: z.boolean() })),

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
