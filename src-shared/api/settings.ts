import { z } from 'zod';
import { procedure } from './procedure.ts';

export const settingsSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  tagOrder: z.enum(['natural', 'semver', 'date']),
  /** How much of what was read may be kept on disk for later, in MiB; 0 keeps nothing. */
  cacheLimitMib: z.int().min(0).max(102_400),
  /** How much of layers that were opened may be kept on disk, in MiB; 0 keeps nothing. */
  layerCacheLimitMib: z.int().min(0).max(1_048_576),
});
export type Settings = z.infer<typeof settingsSchema>;

export const settingsContract = {
  get: procedure.output(settingsSchema),
  /** Changes the named settings only; answers with all of them. */
  set: procedure.input(settingsSchema.partial()).output(settingsSchema),
};
