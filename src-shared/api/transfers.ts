import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { digestSchema } from '../oci/digest.ts';
import { appErrorSchema } from './app-error.ts';
import { archiveFormatSchema, archiveIdSchema } from './archives.ts';
import { registryIdSchema, repositoryNameSchema, tagOrDigestSchema, tagSchema } from './common.ts';
import { procedure } from './procedure.ts';

/** Which tags of a repository: globs (`1.*`), a semver range, or both; `exclude` wins. Nothing set means all. */
export const tagFilterSchema = z.object({
  include: z.array(z.string().max(256)).max(50).default([]),
  exclude: z.array(z.string().max(256)).max(50).default([]),
  semver: z.string().max(256).optional(),
});
export type TagFilter = z.infer<typeof tagFilterSchema>;

/** What is to be moved. A repository stands for those of its tags that pass the filter at plan time. */
export const transferItemSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('image'),
    registryId: registryIdSchema,
    repository: repositoryNameSchema,
    reference: tagOrDigestSchema,
  }),
  z.object({
    kind: z.literal('repository'),
    registryId: registryIdSchema,
    repository: repositoryNameSchema,
    filter: tagFilterSchema.optional(),
  }),
  z.object({ kind: z.literal('archive-image'), archiveId: archiveIdSchema, index: z.int().nonnegative() }),
]);
export type TransferItem = z.infer<typeof transferItemSchema>;

/**
 * Where to. `{repository}` is the source's repository (of an archive: the image's name without registry and tag),
 * `{name}` its last segment, `{registry}` the source's host with `:` as `-`, `{tag}` its tag, `{digest}` the hex of its
 * digest. A tag pattern that gives nothing pushes by digest only.
 */
export const transferDestinationSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('registry'),
    registryId: registryIdSchema,
    repository: z.string().min(1).max(512),
    tag: z.string().max(256),
  }),
  /** A file or folder of this machine, from `transfers.chooseDestination`. */
  z.object({ kind: z.literal('path'), format: archiveFormatSchema, pathId: z.string().max(64) }),
  /** Kept by the engine until the page has downloaded it; where there are no native dialogs. Never a layout folder. */
  z.object({ kind: z.literal('download'), format: archiveFormatSchema, fileName: z.string().min(1).max(255) }),
]);
export type TransferDestination = z.infer<typeof transferDestinationSchema>;

export const conflictPolicySchema = z.enum(['ask', 'skip', 'overwrite', 'rename']);
export type ConflictPolicy = z.infer<typeof conflictPolicySchema>;

export const transferOptionsSchema = z.object({
  /** `linux/arm64/v8`: only these of an index, which then is another index with a digest of its own. Empty: all. */
  platforms: z.array(z.string().max(128)).max(100).default([]),
  /** Signatures, SBOMs and attestations that refer to the image come along. */
  referrers: z.boolean().default(true),
  /** Layers whose bytes lie elsewhere (`urls`): left out, as the specification allows, or read from the source. */
  foreignLayers: z.enum(['skip', 'include']).default('skip'),
  /** For tags that hold another digest at the destination. `ask`: the plan shows them and start wants a decision. */
  conflict: conflictPolicySchema.default('ask'),
  /** Leaves out every tag that is there already, whatever its digest. */
  missingOnly: z.boolean().default(false),
});
export type TransferOptions = z.infer<typeof transferOptionsSchema>;

export const planInputSchema = z.object({
  items: z.array(transferItemSchema).min(1).max(5000),
  destination: transferDestinationSchema,
  options: transferOptionsSchema,
});
export type PlanInput = z.infer<typeof planInputSchema>;

/** An end as a person reads it: `registry.example.com/team/app:1.2`, `images.tar`. Text, not yet escaped. */
const endTextSchema = z.string();

/**
 * One row of a plan: one image with everything below it. Bytes are compressed, each blob counted once in the plan and
 * where it is first needed: `bytesTotal = bytesToSend + bytesPresent + bytesMountable`.
 */
export const planRowSchema = z.object({
  rowId: z.string(),
  source: endTextSchema,
  destination: endTextSchema,
  /** Pinned: this is what is copied even when the tag moves meanwhile. Absent when the row failed before. */
  sourceDigest: digestSchema.optional(),
  /** What the destination will hold: another than `sourceDigest` when the index is cut to some platforms. */
  resultDigest: digestSchema.optional(),
  kind: z.enum(['index', 'image', 'artifact', 'schema1', 'unknown']).optional(),
  platforms: z.array(z.string()),
  manifestCount: z.int(),
  referrerCount: z.int(),
  bytesTotal: z.number(),
  bytesToSend: z.number(),
  bytesPresent: z.number(),
  bytesMountable: z.number(),
  /** Layers left out because their bytes lie elsewhere. */
  foreignLayerCount: z.int(),
  state: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('ready') }),
    /** The tag has this digest already: nothing will be sent, and an immutable tag is not touched. */
    z.object({ kind: z.literal('up-to-date') }),
    /** The tag holds something else. `renameTo` is a free tag that could be used instead. */
    z.object({ kind: z.literal('conflict'), existingDigest: digestSchema, renameTo: tagSchema.optional() }),
    /** Left out by `missingOnly` or the conflict policy. */
    z.object({ kind: z.literal('skipped'), reason: z.enum(['missing-only', 'conflict']) }),
    /** Cannot be copied; the others can. `transfer{same-destination}`: an earlier row writes the same tag. */
    z.object({ kind: z.literal('failed'), error: appErrorSchema }),
  ]),
});
export type PlanRow = z.infer<typeof planRowSchema>;

export const planTotalsSchema = z.object({
  rowCount: z.int(),
  bytesTotal: z.number(),
  bytesToSend: z.number(),
  bytesPresent: z.number(),
  bytesMountable: z.number(),
  readyCount: z.int(),
  upToDateCount: z.int(),
  conflictCount: z.int(),
  skippedCount: z.int(),
  failedCount: z.int(),
});
export type PlanTotals = z.infer<typeof planTotalsSchema>;

/**
 * Rows come as they are ready, in no order, at most ten messages a second; `done` is last and only then can the plan be
 * started. `expanded` is told again as repositories are listed, `isWhole` once all are: from there on the count stays.
 */
export const planEventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('expanded'), rowCount: z.int(), isWhole: z.boolean() }),
  z.object({ kind: z.literal('rows'), rows: z.array(planRowSchema).max(200), totals: planTotalsSchema }),
  z.object({ kind: z.literal('done'), planId: z.string(), totals: planTotalsSchema }),
]);
export type PlanEvent = z.infer<typeof planEventSchema>;

export const rowDecisionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('skip') }),
  z.object({ kind: z.literal('overwrite') }),
  z.object({ kind: z.literal('rename'), tag: tagSchema }),
]);
export type RowDecision = z.infer<typeof rowDecisionSchema>;

export const transferStateSchema = z.enum([
  'queued',
  'running',
  'pausing',
  /** By a person; or by itself, and then `error` says why: it goes on after a sign-in, by `resume`. */
  'paused',
  /** All else is done; rows whose tag changed at the destination meanwhile wait for `decide`. */
  'conflict',
  'done',
  'failed',
  'cancelled',
]);
export type TransferState = z.infer<typeof transferStateSchema>;

/** One started plan. Bytes count blobs of the destination; `doneBytes` includes what was present and mounted. */
export const transferSchema = z.object({
  transferId: z.string(),
  /** `copy` registry to registry, `push` from an archive, `pull` into one. */
  kind: z.enum(['copy', 'push', 'pull']),
  /** `3 tags of ghcr.io/acme/app`, in parts so that the page words it. */
  sources: z.array(endTextSchema).max(3),
  sourceCount: z.int(),
  destination: endTextSchema,
  state: transferStateSchema,
  totalBytes: z.number(),
  doneBytes: z.number(),
  sentBytes: z.number(),
  rowCount: z.int(),
  /** Rows that need nothing more: done, up to date or skipped. */
  doneRowCount: z.int(),
  failedRowCount: z.int(),
  conflictRowCount: z.int(),
  /** Mean of the last seconds; absent when nothing moves. */
  bytesPerSecond: z.number().optional(),
  secondsLeft: z.number().optional(),
  createdAt: z.string(),
  finishedAt: z.string().optional(),
  /** Why the whole failed; single rows that failed are told in the detail. */
  error: appErrorSchema.optional(),
  /** A finished pull that waits to be downloaded by the page. */
  download: z.object({ fileName: z.string(), sizeBytes: z.number() }).optional(),
});
export type Transfer = z.infer<typeof transferSchema>;

export const blobStateSchema = z.enum([
  'queued',
  'checking',
  'present',
  'mounted',
  'sending',
  'verifying',
  'done',
  'failed',
]);
export const transferBlobSchema = z.object({
  digest: digestSchema,
  role: z.enum(['manifest', 'index', 'config', 'layer', 'referrer', 'blob']),
  sizeBytes: z.number(),
  sentBytes: z.number(),
  state: blobStateSchema,
});
export type TransferBlob = z.infer<typeof transferBlobSchema>;

export const transferRowSchema = z.object({
  rowId: z.string(),
  source: endTextSchema,
  destination: endTextSchema,
  state: z.enum(['queued', 'running', 'done', 'up-to-date', 'skipped', 'conflict', 'failed', 'cancelled']),
  resultDigest: digestSchema.optional(),
  /** The digest the tag has now where `state` is `conflict`. */
  existingDigest: digestSchema.optional(),
  /** The source's tag moved on meanwhile, to this. What was planned was copied. */
  sourceMovedTo: digestSchema.optional(),
  error: appErrorSchema.optional(),
});
export type TransferRow = z.infer<typeof transferRowSchema>;

/**
 * The first message is the whole: what waits or runs in the order of the queue, then what has ended, newest first. Later
 * ones hold what changed, at most ten a second; a change of the order comes as another snapshot, as does anything a slow
 * reader has missed.
 */
export const transfersEventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('snapshot'), transfers: z.array(transferSchema) }),
  z.object({ kind: z.literal('update'), changed: z.array(transferSchema), removedIds: z.array(z.string()) }),
]);
export type TransfersEvent = z.infer<typeof transfersEventSchema>;

/** Rows and blobs of one transfer: those of rows that run, failed or wait; at most 2,000 blobs. */
export const transferDetailSchema = z.object({
  transfer: transferSchema,
  rows: z.array(transferRowSchema).max(5000),
  blobs: z.array(transferBlobSchema).max(2000),
  blobCount: z.int(),
  /** What happened, newest last, without secrets: for people and for reports. */
  log: z.array(z.object({ at: z.string(), text: z.string() })).max(1000),
});
export type TransferDetail = z.infer<typeof transferDetailSchema>;

const one = z.object({ transferId: z.string().max(64) });

export const transfersContract = {
  /** Walks the sources and looks at the destination; writes nothing. Ending the stream early stops it. */
  plan: procedure.input(planInputSchema).output(eventIterator(planEventSchema)),
  /** Answers at once; the work is a job that outlives the page and the process. `conflict` when the plan is too old. */
  start: procedure
    .input(z.object({ planId: z.string().max(64), decisions: z.record(z.string(), rowDecisionSchema).default({}) }))
    .output(z.object({ transferId: z.string() })),
  /** Only where `capabilities.nativeDialogs`: asks where to save; undefined when the person chose nothing. */
  chooseDestination: procedure
    .input(z.object({ format: archiveFormatSchema, suggestedName: z.string().max(255) }))
    .output(z.object({ chosen: z.object({ pathId: z.string(), name: z.string() }).optional() })),
  /** Never ends by itself. */
  watch: procedure.output(eventIterator(transfersEventSchema)),
  /** The whole detail of one transfer, again after each change, at most ten a second; ends when it was removed. */
  watchOne: procedure.input(one).output(eventIterator(transferDetailSchema)),
  pause: procedure.input(one).output(transferSchema),
  resume: procedure.input(one).output(transferSchema),
  /** What is at the destination stays; tags are those from before or whole new ones. */
  cancel: procedure.input(one).output(transferSchema),
  /** Failed and cancelled ones begin again with what is missing. */
  retry: procedure.input(one).output(transferSchema),
  /** A decision on rows in `conflict`. */
  decide: procedure.input(one.extend({ decisions: z.record(z.string(), rowDecisionSchema) })).output(transferSchema),
  /** To another place in the queue: 0 is next. */
  move: procedure.input(one.extend({ position: z.int().nonnegative() })).output(z.object({ moved: z.boolean() })),
  /** Takes a finished one out of the list; `all` takes out all finished. */
  remove: procedure
    .input(z.object({ transferIds: z.array(z.string().max(64)).max(1000) }))
    .output(z.object({ removedCount: z.int() })),
  pauseAll: procedure.output(z.object({ count: z.int() })),
  resumeAll: procedure.output(z.object({ count: z.int() })),
  /** Shows the file in the system's file manager; only where `capabilities.nativeDialogs`. */
  reveal: procedure.input(one).output(z.object({ revealed: z.boolean() })),
  /** A link for one download of a finished pull, good once and for a minute; only where there are no native dialogs. */
  downloadLink: procedure.input(one).output(z.object({ path: z.string() })),
};
