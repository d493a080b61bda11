import { z } from 'zod';
import { digestSchema } from '../oci/digest.ts';
import { manifestRefSchema, offlineSchema, repositoryRefSchema, warningSchema } from './common.ts';
import { descriptorSchema } from '../oci/descriptor.ts';
import { procedure } from './procedure.ts';

/** Exact bytes, verified. `text` when they are valid UTF-8 without NUL, else `base64`. */
export const rawDocumentSchema = z.object({
  digest: digestSchema,
  mediaType: z.string(),
  sizeBytes: z.int().nonnegative(),
  content: z.discriminatedUnion('encoding', [
    z.object({ encoding: z.literal('text'), text: z.string() }),
    z.object({ encoding: z.literal('base64'), base64: z.string() }),
  ]),
  warnings: z.array(warningSchema),
  offline: offlineSchema.optional(),
});
export type RawDocument = z.infer<typeof rawDocumentSchema>;

export const manifestsContract = {
  /** A manifest's bytes as the registry sent them, at most 4 MiB. */
  raw: procedure.input(manifestRefSchema).output(rawDocumentSchema),
  /** A small JSON blob (config, SBOM) by descriptor, verified by digest and size, at most 4 MiB. */
  rawBlob: procedure.input(repositoryRefSchema.extend({ descriptor: descriptorSchema })).output(rawDocumentSchema),
};
