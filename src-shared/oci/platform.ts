import { z } from 'zod';

/**
 * A platform as an index or an image config states it. Absent lists are empty.
 * Spec: OCI image 1.1, image-index.md, "platform".
 */
export const platformSchema = z.object({
  os: z.string(),
  architecture: z.string(),
  variant: z.string().optional(),
  osVersion: z.string().optional(),
  osFeatures: z.array(z.string()).default([]),
  features: z.array(z.string()).default([]),
});
export type Platform = Readonly<z.infer<typeof platformSchema>>;
