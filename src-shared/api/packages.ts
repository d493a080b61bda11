import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { filesTargetSchema, insidePathSchema, windowShape } from './file-rows.ts';
import { procedure } from './procedure.ts';
import { bytesProgressSchema } from './progress.ts';

export const ecosystemSchema = z.enum(['deb', 'apk', 'rpm', 'npm', 'pypi', 'go']);
export type Ecosystem = z.infer<typeof ecosystemSchema>;

/** One installed package, as its database says. Texts are not yet escaped. */
export const installedPackageSchema = z.object({
  ecosystem: ecosystemSchema,
  name: z.string(),
  /** As the ecosystem writes it: `1:2.3-4`, `3.5.4-r0`. */
  version: z.string(),
  architecture: z.string().optional(),
  license: z.string().optional(),
  /** The source package, where it has another name. */
  source: z.string().optional(),
  sizeBytes: z.number().optional(),
  /** The file it was read from. */
  path: insidePathSchema,
});
export type InstalledPackage = z.infer<typeof installedPackageSchema>;

/** A package database that was found. */
export const packageDatabaseSchema = z.object({
  ecosystem: ecosystemSchema,
  path: insidePathSchema,
  /**
   * `not-readable`: a form that Gantry does not read (Berkeley DB, ndb). `not-searched`: programs that may hold modules of
   * Go, and were not looked into, since that would have read too much.
   */
  state: z.enum(['read', 'not-readable', 'too-large', 'broken', 'not-searched']),
  detail: z.string().optional(),
  packageCount: z.int(),
  /** Of `not-searched`: how many files, the first of which is at the path. */
  fileCount: z.int().optional(),
});
export type PackageDatabase = z.infer<typeof packageDatabaseSchema>;

/** At most ten a second; `ready` is the last. The bytes are of the files that are read. */
export const readPackagesEventSchema = z.discriminatedUnion('kind', [
  bytesProgressSchema,
  z.object({ kind: z.literal('ready'), packageCount: z.int() }),
]);
export type ReadPackagesEvent = z.infer<typeof readPackagesEventSchema>;

export const packagesContract = {
  /** Reads the databases of an opened target, once; `list` then answers at once. Ending the stream stops it. */
  read: procedure.input(filesTargetSchema).output(eventIterator(readPackagesEventSchema)),

  /** What is installed in the merged file system of an opened target, by name. Read once and kept. */
  list: procedure
    .input(
      filesTargetSchema.extend({
        query: z.string().max(256).default(''),
        ecosystem: ecosystemSchema.optional(),
        ...windowShape,
      }),
    )
    .output(
      z.object({
        rows: z.array(installedPackageSchema).max(1000),
        totalCount: z.int(),
        databases: z.array(packageDatabaseSchema).max(1000),
      }),
    ),
};
