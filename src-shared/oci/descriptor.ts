import { z } from 'zod';
import { digestSchema } from './digest.ts';
import { platformSchema } from './platform.ts';

/**
 * Labels and annotations travel as ordered pairs, never as objects: a registry may name a label `__proto__`
 * (SECURITY-CASES M08), and the order in the manifest is worth keeping.
 */
export const pairsSchema = z.array(z.tuple([z.string(), z.string()]));
export type Pairs = ReadonlyArray<readonly [name: string, value: string]>;

/** Spec: OCI image 1.1, descriptor.md. `sizeBytes` is the wire field `size`; `data` is base64, not yet verified. */
export const descriptorSchema = z.object({
  mediaType: z.string(),
  digest: digestSchema,
  sizeBytes: z.int().nonnegative(),
  artifactType: z.string().optional(),
  platform: platformSchema.optional(),
  annotations: pairsSchema.default([]),
  urls: z.array(z.string()).default([]),
  data: z.string().optional(),
});
export type Descriptor = Readonly<z.infer<typeof descriptorSchema>>;
