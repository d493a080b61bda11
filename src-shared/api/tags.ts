import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { digestSchema } from '../oci/digest.ts';
import { appErrorSchema } from './app-error.ts';
import { cursorSchema, offlineSchema, pagingShape, repositoryRefSchema, tagSchema, warningSchema } from './common.ts';
import { procedure } from './procedure.ts';

export const tagPageSchema = z.object({
  tags: z.array(tagSchema),
  nextCursor: cursorSchema.optional(),
  droppedCount: z.int().nonnegative(),
  warnings: z.array(warningSchema).optional(),
  offline: offlineSchema.optional(),
});

/** What a row of the tag table shows. Sizes are compressed bytes on the wire: config and layers, without manifests. */
export const tagSummarySchema = z.object({
  tag: tagSchema,
  digest: digestSchema,
  mediaType: z.string(),
  kind: z.enum(['index', 'image', 'artifact', 'schema1', 'unknown']),
  artifactType: z.string().optional(),
  /** `linux/amd64`, `linux/arm/v7`, `windows/amd64:10.0.20348.1`; attestations are not among them. */
  platforms: z.array(z.string()),
  sizeBytes: z.number().optional(),
  /** ISO 8601 in UTC, from the config or the `org.opencontainers.image.created` annotation; absent when unknown (epoch). */
  created: z.string().optional(),
  /** For an index: the platform `sizeBytes` and `created` are of. */
  basisPlatform: z.string().optional(),
  attestationCount: z.int(),
  offline: offlineSchema.optional(),
});
export type TagSummary = z.infer<typeof tagSummarySchema>;

const resolvedTagSchema = z.union([
  z.object({ tag: tagSchema, digest: digestSchema }),
  z.object({ tag: tagSchema, error: appErrorSchema }),
]);

export const tagsContract = {
  list: procedure.input(repositoryRefSchema.extend(pagingShape)).output(tagPageSchema),
  /**
   * `again`: a person asks for it anew. It goes before the rows in view, and a sign-in that the registry refused lately is
   * tried once more.
   */
  summary: procedure
    .input(repositoryRefSchema.extend({ tag: tagSchema, again: z.boolean().optional() }))
    .output(tagSummarySchema),
  /** Digests of up to 1,000 tags by HEAD, each as it arrives, in no order. One failing tag never stops the rest. */
  resolve: procedure
    .input(repositoryRefSchema.extend({ tags: z.array(tagSchema).min(1).max(1000) }))
    .output(eventIterator(resolvedTagSchema)),
};
