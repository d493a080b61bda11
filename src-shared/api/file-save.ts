import { z } from 'zod';
import { insidePathSchema, layerIndexSchema } from './file-rows.ts';

/** As the file system was after that layer; the finished image when absent. */
const upToLayer = layerIndexSchema.optional();

/** What is saved: the whole merged file system, a directory with all below it, or one regular file. */
export const saveWhatSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('tar'), path: insidePathSchema.default(''), upToLayer }),
  z.object({ kind: z.literal('file'), path: insidePathSchema, upToLayer }),
]);
export type SaveWhat = z.infer<typeof saveWhatSchema>;

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
    /** What the file is called: as chosen, or as suggested to the browser. */
    fileName: z.string(),
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
