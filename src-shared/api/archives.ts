import { z } from 'zod';
import { digestSchema } from '../oci/digest.ts';
import { warningSchema } from './common.ts';
import { procedure } from './procedure.ts';

/** An archive or layout folder that was opened or is being uploaded: an id of the engine, never a path. */
export const archiveIdSchema = z.string().regex(/^[a-z0-9-]{1,64}$/);

export const archiveFormatSchema = z.enum(['oci-layout', 'oci-tar', 'docker-tar']);
export type ArchiveFormat = z.infer<typeof archiveFormatSchema>;

/** One image of an archive. `names` are as written there: `docker.io/library/app:1`, `1.27`, or none at all. */
export const archiveImageSchema = z.object({
  /** Position in the archive's own list, from 0: what a plan names it by. */
  index: z.int().nonnegative(),
  names: z.array(z.string()),
  /** Absent for an image of a docker-save tar: it has no manifest there, one is made when a transfer is planned. */
  digest: digestSchema.optional(),
  /** The image ID as docker shows it; of an image of one platform only. */
  configDigest: digestSchema.optional(),
  mediaType: z.string(),
  kind: z.enum(['index', 'image', 'artifact', 'unknown']),
  platforms: z.array(z.string()),
  /** Config and layers of all its manifests, each blob once, as they lie in the archive. */
  sizeBytes: z.number(),
});
export type ArchiveImage = z.infer<typeof archiveImageSchema>;

export const archiveSchema = z.object({
  archiveId: archiveIdSchema,
  /** The last part of its path, for people. */
  name: z.string(),
  format: archiveFormatSchema,
  sizeBytes: z.number(),
  images: z.array(archiveImageSchema),
  warnings: z.array(warningSchema),
});
export type Archive = z.infer<typeof archiveSchema>;

export const archivesContract = {
  /**
   * Opens a file or folder of this machine that a person chose or dropped; only where `capabilities.localPaths`.
   * Answers `unsupported` elsewhere, `disk` or `archive` when it cannot be read as one.
   */
  openPath: procedure.input(z.object({ path: z.string().min(1).max(4096) })).output(archiveSchema),
  /** Asks with the system's own dialog; undefined when the person chose nothing. Only where `capabilities.nativeDialogs`. */
  choose: procedure
    .input(z.object({ what: z.enum(['file', 'folder']) }))
    .output(z.object({ archive: archiveSchema.optional() })),
  /**
   * Where files are uploaded by the page: a place for them. Each file then goes in one streamed request of the host
   * (see the host's README), named by its path inside the folder, or by the file's own name.
   */
  beginUpload: procedure
    .input(
      z.object({
        name: z.string().min(1).max(512),
        kind: z.enum(['file', 'folder']),
        sizeBytes: z.number().nonnegative(),
      }),
    )
    .output(z.object({ archiveId: archiveIdSchema })),
  /** All files are there: what is it? Deleted from the engine's disk when it is no archive. */
  finishUpload: procedure.input(z.object({ archiveId: archiveIdSchema })).output(archiveSchema),
  /** Forgets it, and deletes what was uploaded. A job that still reads it keeps it until it ends. */
  close: procedure.input(z.object({ archiveId: archiveIdSchema })).output(z.object({ closed: z.boolean() })),
};
