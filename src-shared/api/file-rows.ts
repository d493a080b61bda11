import { z } from 'zod';
import { digestSchema } from '../oci/digest.ts';
import { digestRefSchema } from './common.ts';

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
