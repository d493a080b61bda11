import { z } from 'zod';
import { descriptorSchema } from '../oci/descriptor.ts';
import { cursorSchema, digestRefSchema, offlineSchema, warningSchema } from './common.ts';
import { procedure } from './procedure.ts';

/** Manifests that name another one as their subject. Spec: OCI Distribution 1.1, "Listing Referrers". */
export const referrerPageSchema = z.object({
  /** With `artifactType` and annotations, in the registry's order; each digest once a page. */
  referrers: z.array(descriptorSchema),
  nextCursor: cursorSchema.optional(),
  /** `api`: the referrers endpoint; `tag`: the fallback tag `sha256-…`; `none`: the registry has neither. */
  source: z.enum(['api', 'tag', 'none']),
  /** Entries left out because they are no descriptors, or name another subject. */
  droppedCount: z.int().nonnegative(),
  warnings: z.array(warningSchema),
  offline: offlineSchema.optional(),
});
export type ReferrerPage = z.infer<typeof referrerPageSchema>;

export const referrersContract = {
  list: procedure
    .input(
      digestRefSchema.extend({ artifactType: z.string().min(1).max(255).optional(), cursor: cursorSchema.optional() }),
    )
    .output(referrerPageSchema),
};
