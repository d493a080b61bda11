import { z } from 'zod';
import { digestSchema } from '../oci/digest.ts';

/** A registry of this installation: `local`, or a random id. Never a host name, which may change. */
export const registryIdSchema = z.string().regex(/^[a-z0-9-]{1,64}$/);

/** OCI repository name. Spec: OCI distribution 1.1, "Pulling manifests", `<name>`; 255 characters at most. */
export const repositoryNameSchema = z
  .string()
  .max(255)
  .regex(
    /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/,
    'not a repository name',
  );

/** OCI tag. Spec: OCI distribution 1.1, "Pulling manifests", `<reference>` as a tag. */
export const tagSchema = z.string().regex(/^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/, 'not a tag');

/** A tag or a digest. */
export const tagOrDigestSchema = z.union([digestSchema, tagSchema]);

/** Where a page left off: opaque, made by the engine, checked again by the engine. */
export const cursorSchema = z.string().max(8192);

export const repositoryRefSchema = z.object({ registryId: registryIdSchema, repository: repositoryNameSchema });
export const manifestRefSchema = repositoryRefSchema.extend({ reference: tagOrDigestSchema });
export const digestRefSchema = repositoryRefSchema.extend({ digest: digestSchema });

/** A registry's own warning (RFC 7234 `Warning: 299`), or ours about what it sent. Text, not yet escaped. */
export const warningSchema = z.object({
  source: z.enum(['registry', 'gantry']),
  text: z.string(),
});
export type Warning = z.infer<typeof warningSchema>;
