import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { digestSchema } from '../oci/digest.ts';
import { historyEntrySchema } from '../oci/image-config.ts';
import { manifestRefSchema } from './common.ts';
import { filesTargetSchema, fileTypeSchema, insidePathSchema, layerIndexSchema, windowShape } from './file-rows.ts';
import { fileOrderSchema } from './files.ts';
import { ecosystemSchema, packageDatabaseSchema } from './packages.ts';
import { procedure } from './procedure.ts';
import { bytesProgressSchema } from './progress.ts';

/** One side: a tag or digest, and for an index the platform (`linux/arm64/v8`; the default child when absent). */
export const compareSideSchema = manifestRefSchema.extend({ platform: z.string().max(128).optional() });
export type CompareSide = z.infer<typeof compareSideSchema>;

export const differenceSchema = z.enum(['same', 'added', 'removed', 'changed']);
export type Difference = z.infer<typeof differenceSchema>;

/** From left to right: `added` is only on the right, `removed` only on the left. */
const rowOf = <T extends z.ZodType>(side: T) =>
  z.object({ difference: differenceSchema, left: side.optional(), right: side.optional() });

export const comparedImageSchema = z.object({
  reference: z.string(),
  /** Of the image manifest: what `files.open` and `compare.files` take. */
  digest: digestSchema,
  platformText: z.string(),
  created: z.string().optional(),
  /** Config and layers, compressed. */
  sizeBytes: z.number(),
  layerCount: z.int(),
  /** The platforms of the index it was chosen from; empty when the reference is an image itself. */
  platforms: z.array(z.string()),
});

const layerSideSchema = z.object({
  layer: layerIndexSchema,
  digest: digestSchema,
  sizeBytes: z.number(),
  createdBy: z.string().optional(),
});

/**
 * Layers in both, in order. `digest`: the same blob; `diff-id`: the same tar, compressed differently; absent: only on
 * one side.
 */
export const comparedLayerSchema = z.object({
  match: z.enum(['digest', 'diff-id']).optional(),
  left: layerSideSchema.optional(),
  right: layerSideSchema.optional(),
});

export const imageComparisonSchema = z.object({
  left: comparedImageSchema,
  right: comparedImageSchema,
  /** Both sides are one and the same image. */
  isSame: z.boolean(),
  /** Single values of config and manifest, each named as in the config: `User`, `WorkingDir`, `Entrypoint`. */
  fields: z.array(rowOf(z.string()).extend({ name: z.string() })),
  /** Variables by name, in the order of the left side; a name that is set twice has its last value. */
  env: z.array(rowOf(z.string()).extend({ name: z.string() })),
  labels: z.array(rowOf(z.string()).extend({ name: z.string() })),
  annotations: z.array(rowOf(z.string()).extend({ name: z.string() })),
  ports: z.array(rowOf(z.string()).extend({ name: z.string() })),
  volumes: z.array(rowOf(z.string()).extend({ name: z.string() })),
  /** Lines of both, laid beside each other by what they say. */
  history: z.array(rowOf(historyEntrySchema.extend({ index: z.int() }))),
  layers: z.array(comparedLayerSchema),
  /** Compressed bytes of layers, each blob once. */
  sharedBytes: z.number(),
  leftOnlyBytes: z.number(),
  rightOnlyBytes: z.number(),
});
export type ImageComparison = z.infer<typeof imageComparisonSchema>;

export const comparedFileSideSchema = z.object({
  type: fileTypeSchema,
  sizeBytes: z.number(),
  mode: z.int(),
  uid: z.number(),
  gid: z.number(),
  modifiedSeconds: z.number(),
  linkTarget: z.string().optional(),
  layer: layerIndexSchema.optional(),
});

/**
 * How a path differs. `changed`: other content, type or link target; `metadata`: only mode or owner; `unknown` and
 * `same-size-and-time`: files of equal size whose bytes nobody has compared: `compare.contents` reads both. Builds that
 * give every file one fixed time make the latter say no more than the former.
 */
export const fileDifferenceSchema = z.enum([
  'added',
  'removed',
  'changed',
  'metadata',
  'unknown',
  'same-size-and-time',
  'same',
]);
export type FileDifference = z.infer<typeof fileDifferenceSchema>;

/** Files, links and devices, by how they differ; directories are not counted. */
const countShape = {
  addedCount: z.int(),
  removedCount: z.int(),
  changedCount: z.int(),
  metadataCount: z.int(),
  unknownCount: z.int(),
  sameSizeAndTimeCount: z.int(),
  sameCount: z.int(),
};

export const comparedFileSchema = z.object({
  path: insidePathSchema,
  name: z.string(),
  difference: fileDifferenceSchema,
  left: comparedFileSideSchema.optional(),
  right: comparedFileSideSchema.optional(),
  /** `same` where both come from the same place of the same layer, or are empty. Of files on both sides. */
  content: z.enum(['same', 'same-size-and-time', 'different', 'unknown']).optional(),
  metadata: z.array(z.enum(['type', 'mode', 'owner', 'modified', 'link'])),
  /** Of a directory: everything below it. */
  below: z.object({ ...countShape, sizeDelta: z.number() }).optional(),
});
export type ComparedFile = z.infer<typeof comparedFileSchema>;

const bothTargets = z.object({ left: filesTargetSchema, right: filesTargetSchema });
const fileDifferencesSchema = z
  .array(fileDifferenceSchema)
  .min(1)
  .default(['added', 'removed', 'changed', 'metadata', 'unknown']);

const versionsSchema = z.object({
  versions: z.array(z.string()).max(50),
  architecture: z.string().optional(),
  license: z.string().optional(),
});

/** At most ten a second; `ready` is the last. The bytes are of manifests and configs. */
export const compareImagesEventSchema = z.discriminatedUnion('kind', [
  bytesProgressSchema,
  z.object({ kind: z.literal('ready'), comparison: imageComparisonSchema }),
]);
export type CompareImagesEvent = z.infer<typeof compareImagesEventSchema>;

/** At most ten a second; `ready` is the last. Steps are a few for each path. */
export const compareTreesEventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), doneCount: z.int(), totalCount: z.int() }),
  z.object({
    kind: z.literal('ready'),
    summary: z.object({ ...countShape, leftBytes: z.number(), rightBytes: z.number() }),
  }),
]);
export type CompareTreesEvent = z.infer<typeof compareTreesEventSchema>;
export type FileSummary = Extract<CompareTreesEvent, { readonly kind: 'ready' }>['summary'];

/** At most ten a second; `ready` is the last. The bytes are of both files. */
export const compareContentsEventSchema = z.discriminatedUnion('kind', [
  bytesProgressSchema,
  z.object({ kind: z.literal('ready'), isSame: z.boolean(), leftSha256: z.string(), rightSha256: z.string() }),
]);
export type CompareContentsEvent = z.infer<typeof compareContentsEventSchema>;

/** From left to right. `images` needs no layer; the rest needs both targets open (`files.open`). */
export const compareContract = {
  images: procedure
    .input(z.object({ left: compareSideSchema, right: compareSideSchema }))
    .output(eventIterator(compareImagesEventSchema)),

  /** Compares the merged file systems, and says how they differ in numbers; `list` and `files` then answer at once. Modified times alone make no difference unless `modifiedTimes`. */
  summary: procedure
    .input(bothTargets.extend({ modifiedTimes: z.boolean().default(false) }))
    .output(eventIterator(compareTreesEventSchema)),

  /** What is directly in a directory of either side. */
  list: procedure
    .input(
      bothTargets.extend({
        path: insidePathSchema,
        modifiedTimes: z.boolean().default(false),
        /** Only these; directories are there when something below them is. */
        differences: fileDifferencesSchema,
        order: fileOrderSchema.default(fileOrderSchema.parse({})),
        ...windowShape,
      }),
    )
    .output(z.object({ rows: z.array(comparedFileSchema).max(1000), totalCount: z.int() })),

  /** Files of the whole tree as one list, by path or by how much their size differs. */
  files: procedure
    .input(
      bothTargets.extend({
        modifiedTimes: z.boolean().default(false),
        differences: fileDifferencesSchema,
        query: z.string().max(1024).default(''),
        by: z.enum(['path', 'size']).default('path'),
        ...windowShape,
      }),
    )
    .output(z.object({ rows: z.array(comparedFileSchema).max(1000), totalCount: z.int() })),

  /** Reads both files and compares every byte; at most 1 GiB each. */
  contents: procedure
    .input(bothTargets.extend({ path: insidePathSchema }))
    .output(eventIterator(compareContentsEventSchema)),

  /** Installed packages by ecosystem and name. */
  packages: procedure
    .input(
      bothTargets.extend({
        query: z.string().max(256).default(''),
        ecosystem: ecosystemSchema.optional(),
        differences: z.array(differenceSchema).min(1).default(['added', 'removed', 'changed']),
        ...windowShape,
      }),
    )
    .output(
      z.object({
        rows: z.array(rowOf(versionsSchema).extend({ ecosystem: ecosystemSchema, name: z.string() })).max(1000),
        totalCount: z.int(),
        leftDatabases: z.array(packageDatabaseSchema).max(1000),
        rightDatabases: z.array(packageDatabaseSchema).max(1000),
      }),
    ),
};
