import { z } from 'zod';
import { fileRowSchema, insidePathSchema } from './file-rows.ts';

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
  /**
   * `verified`: the bytes are those of the layer whose digest was checked; `by-published-index`: those that a table of
   * contents names, and the manifest vouches for that; `unverified`: from the registry alone, or vouched for by nobody.
   */
  verification: z.enum(['verified', 'by-published-index', 'unverified']),
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
