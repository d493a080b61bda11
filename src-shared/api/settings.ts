import { z } from 'zod';
import { procedure } from './procedure.ts';

export const settingsSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  tagOrder: z.enum(['natural', 'semver', 'date']),
});
export type Settings = z.infer<typeof settingsSchema>;

export const settingsContract = {
  get: procedure.output(settingsSchema),
  /** Changes the named settings only; answers with all of them. */
  set: procedure.input(settingsSchema.partial()).output(settingsSchema),
};
