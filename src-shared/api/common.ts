import { z } from 'zod';
import { digestSchema } from '../oci/digest.ts';
import { repositoryNameSchema, tagSchema } from '../oci/reference.ts';

/** A registry of this installation: `local`, or a random id. Never a host name, which may change. */
export const registryIdSchema = z.string().regex(/^[a-z0-9-]{1,64}$/);

export { repositoryNameSchema, tagSchema };

/** A tag or a digest. */
export const tagOrDigestSchema = z.union([digestSchema, tagSchema]);

/** Where a page left off: opaque, made by the engine, checked again by the engine. */
export const cursorSchema = z.string().max(8192);

/**
 * Where a list goes on, and how many of the registry's pages the answer may be made of; one when absent. The answer
 * holds fewer when they take long or hold very many names.
 */
export const pagingShape = { cursor: cursorSchema.optional(), pages: z.int().min(1).max(1000).optional() };

export const repositoryRefSchema = z.object({ registryId: registryIdSchema, repository: repositoryNameSchema });
export const manifestRefSchema = repositoryRefSchema.extend({ reference: tagOrDigestSchema });
export const digestRefSchema = repositoryRefSchema.extend({ digest: digestSchema });

/**
 * The answer comes from what was kept earlier, because the registry does not answer now. `reason` is one of
 * `network`'s reasons where it cannot be reached, `busy` or `rate-limited` where it is there.
 */
export const offlineSchema = z.object({ seenAt: z.string(), reason: z.string() });
export type Offline = z.infer<typeof offlineSchema>;

/** A registry's own warning (RFC 7234 `Warning: 299`), or ours about what it sent. Text, not yet escaped. */
export const warningSchema = z.object({
  source: z.enum(['registry', 'gantry']),
  text: z.string(),
});
export type Warning = z.infer<typeof warningSchema>;
