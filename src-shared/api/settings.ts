import { z } from 'zod';
import { procedure } from './procedure.ts';

export const settingsSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  tagOrder: z.enum(['natural', 'semver', 'date']),
  /** How much of what was read may be kept on disk for later, in MiB; 0 keeps nothing. */
  cacheLimitMib: z.int().min(0).max(102_400),
  /** How much of layers that were opened may be kept on disk, in MiB; 0 keeps nothing. */
  layerCacheLimitMib: z.int().min(0).max(1_048_576),
  /** All transfers together may read no more than this from their sources, in KiB a second; 0 is no limit. */
  transferLimitKibPerSecond: z.int().min(0).max(10_485_760),
  /** Blobs that may be under way at once to or from one host; 0 lets the engine find out what is fastest. */
  transferLanes: z.int().min(0).max(64),
});
export type Settings = z.infer<typeof settingsSchema>;

export const settingsContract = {
  get: procedure.output(settingsSchema),
  /** Changes the named settings only; answers with all of them. */
  set: procedure.input(settingsSchema.partial()).output(settingsSchema),
};
